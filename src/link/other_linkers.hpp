// Link commands of Apple's ld and of Microsoft's link, which read their words unlike the linkers of ELF.
//
// Apple's ld (ld64, ld-prime, ld64.lld) writes options with one dash, some with up to three values, and
// searches an archive for all that the link needs, wherever it stands. link.exe and lld-link write them with
// a slash and a colon (`/LIBPATH:dir`, upper or lower case, `-` for `/`), name libraries by their files, and
// take libraries that the objects themselves ask for. Both pass words on through response files.
//
// Sources: ld(1) of Apple's ld64; lld/MachO/Options.td; "MSVC linker options" of Microsoft Learn;
// lld/COFF/Options.td.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linkdx/link.hpp"

namespace linkdx::link {

/// Whether the program, its name without directory and ending, is such a linker.
bool is_windows_linker(std::string_view program);
bool is_apple_linker(std::string_view program);
/// `ld` and compiler drivers take Apple's words on Apple's systems: told by words that no other linker has.
bool has_apple_words(const std::vector<std::string>& arguments);

/// The words after the program's name, response files expanded. What is not known is left in plan.unknown.
void read_windows_words(const std::vector<std::string>& words, Plan& plan);
void read_apple_words(const std::vector<std::string>& words, Plan& plan);

}  // namespace linkdx::link
