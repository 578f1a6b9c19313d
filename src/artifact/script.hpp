// Linker scripts that stand in for libraries, such as Debian's libc.so:
//
//     /* GNU ld script */
//     OUTPUT_FORMAT(elf64-x86-64)
//     GROUP ( /lib/x86_64-linux-gnu/libc.so.6 /usr/lib/x86_64-linux-gnu/libc_nonshared.a AS_NEEDED (
//     ld-linux-x86-64.so.2 ) )
//
// Only the commands that name inputs are understood; the others are passed over with their arguments.
// Source: "Commands Dealing with Files" in the manual of GNU ld, lld/ELF/ScriptParser.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/artifact.hpp"

namespace linkdx::artifact {

struct Script {
  std::vector<File::ScriptInput> inputs;
  std::vector<std::string> faults;
};

/// Nothing when the text is no linker script.
std::optional<Script> read_script(std::string_view text);

/// Whether the bytes are text at all, judged by their beginning.
bool is_text(std::string_view bytes);

/// Splits as GNU tools do in response files: spaces, both quotes, backslashes.
std::vector<std::string> split_response(std::string_view text);

}  // namespace linkdx::artifact
