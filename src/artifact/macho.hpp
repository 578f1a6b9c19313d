// Mach-O: the object format of Apple's systems.
//
// A file is a header, a row of load commands, and the bytes that those point to. Sections lie in segments and
// are named with them (`__TEXT,__text`); an object's sections are all in one segment without a name. C's
// symbols begin with an underscore. A symbol is a name, a kind, a section and an address, without a size. A
// dylib's interface is its export trie, a tree of the exported names by their prefixes, beside which the
// symbol table may be stripped. A universal file holds one file for each architecture, as slices; each slice
// may be an archive.
//
// Sources: mach-o/loader.h, nlist.h, reloc.h and fat.h as llvm/BinaryFormat/MachO.h has them; the export trie
// as lld reads it (lld/MachO/ExportTrie.cpp).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "elf_object.hpp"
#include "linkdx/artifact.hpp"

namespace linkdx::artifact {

bool is_macho(std::string_view bytes);

/// One slice. Sections and symbols are read at once. What is broken is named in `faults`, and what can be
/// read is kept.
std::unique_ptr<Object> open_macho(const Origin& origin, std::vector<std::string>& faults);

struct Slice {
  std::string name;  ///< Apple's name of the architecture: `x86_64`, `arm64e`
  std::string_view bytes;
};
bool is_universal(std::string_view bytes);
std::vector<Slice> slices_of(std::string_view bytes, std::vector<std::string>& faults);

}  // namespace linkdx::artifact
