// GCC's LTO objects: ELF files whose code is intermediate code in sections `.gnu.lto_*`.
//
// A slim one holds nothing else, and its ELF symbol table is empty: only a linker with GCC's plugin sees what
// it defines. The table that the plugin reads is in `.gnu.lto_.symtab.*`: per symbol a name, a COMDAT name
// (both ending in NUL), a kind, a visibility, a size of 8 bytes and a slot of 4.
//
// Source: lto-plugin/lto-plugin.c (translate, parse_table_entry) and struct lto_section of lto-streamer.h in
// GCC.
#pragma once

#include <string_view>
#include <vector>

#include "linkdx/artifact.hpp"

namespace linkdx::artifact {

/// From the section `.gnu.lto_.lto.*`: whether there is no machine code beside.
bool is_slim_lto(std::string_view section);
void read_gcc_lto_symbols(std::string_view table, bool big_endian, std::vector<Symbol>& symbols);

}  // namespace linkdx::artifact
