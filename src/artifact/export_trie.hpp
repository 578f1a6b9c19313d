// The export trie of Mach-O libraries: the exported names as a tree of prefixes.
//
// A node is the size of its answer, the answer (flags and an address) if a name ends there, and its edges: a
// piece of text and the offset of the next node. A broken trie can lead in circles or grow without bound:
// every node is entered once, and the names together are bounded by a multiple of the trie's size.
//
// Source: lld/MachO/ExportTrie.cpp; EXPORT_SYMBOL_FLAGS_* of mach-o/loader.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace linkdx::artifact {

struct ExportTrie {
  struct Entry {
    std::string name;
    std::uint64_t address = 0;  ///< from the image's header
    bool weak = false;
    bool thread_local_ = false;
    bool reexport = false;  ///< another library has it
  };
  std::vector<Entry> entries;
  std::string fault;  ///< why the rest was not read; empty when all was
};
ExportTrie read_export_trie(std::string_view trie);

}  // namespace linkdx::artifact
