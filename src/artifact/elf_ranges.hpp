// Which function or variable covers a place in a section.
//
// Symbols give a start and often a size. Hand-written assembly leaves the size out: such a symbol reaches as
// far as another function of the same start, or to the next symbol, or to the end of its section.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace linkdx::artifact {

struct ElfRange {
  std::uint32_t section = 0;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  ///< one past the last byte
  std::string_view name;
  bool function = false;
  bool thumb = false;
  bool global = false;
  bool sized = true;
};

class ElfRanges {
 public:
  /// `section_ends`: where each section ends, for symbols without a size.
  void build(std::vector<ElfRange> ranges, const std::vector<std::uint64_t>& section_ends);
  /// Sorted by section and start; of names for the same place the global ones first.
  const std::vector<ElfRange>& all() const { return ranges_; }
  /// The name of the innermost range that covers the place; empty when none does.
  std::string_view covering(std::uint32_t section, std::uint64_t offset) const;

 private:
  std::vector<ElfRange> ranges_;
};

}  // namespace linkdx::artifact
