// What compilers and assemblers write of themselves into an object: whole sections of strings (`.comment`,
// `.GCC.command.line`), and DW_AT_producer among the strings of `.debug_str`, known there by how it begins.
#include "elf_producers.hpp"

#include <algorithm>

namespace linkdx::artifact {

void add_producers(std::string_view strings, bool all, std::vector<std::string>& result) {
  static constexpr std::string_view compilers[] = {"GNU C",
                                                   "GNU AS ",
                                                   "GNU Fortran",
                                                   "GNU Go",
                                                   "clang version ",
                                                   "Debian clang version ",
                                                   "Ubuntu clang version ",
                                                   "clang LLVM (rustc version ",
                                                   "rustc version ",
                                                   "NASM ",
                                                   "yasm "};
  while (!strings.empty() && result.size() < 64) {
    const std::size_t end = std::min(strings.find('\0'), strings.size());
    const std::string_view text = strings.substr(0, end);
    strings.remove_prefix(std::min(end + 1, strings.size()));
    const bool known = std::any_of(std::begin(compilers), std::end(compilers),
                                   [&](std::string_view start) { return text.starts_with(start); });
    if (text.empty() || text.size() > 16384 || !(all || known)) continue;
    if (std::find(result.begin(), result.end(), text) == result.end()) result.emplace_back(text);
  }
}

}  // namespace linkdx::artifact
