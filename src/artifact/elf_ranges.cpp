// See elf_ranges.hpp.

#include "elf_ranges.hpp"

#include <algorithm>
#include <tuple>

namespace linkdx::artifact {

void ElfRanges::build(std::vector<ElfRange> ranges, const std::vector<std::uint64_t>& section_ends) {
  std::stable_sort(ranges.begin(), ranges.end(), [](const ElfRange& a, const ElfRange& b) {
    return std::tuple(a.section, a.begin, !a.global) < std::tuple(b.section, b.begin, !b.global);
  });
  // From the back, so that the start of the next symbol further on is known.
  std::uint64_t following = 0;
  for (std::size_t i = ranges.size(); i-- > 0;) {
    ElfRange& range = ranges[i];
    const std::uint64_t section_end = section_ends[range.section];
    if (i + 1 == ranges.size() || ranges[i + 1].section != range.section) following = section_end;
    else if (ranges[i + 1].begin != range.begin) following = ranges[i + 1].begin;
    if (range.end == range.begin) range.end = following;
    range.end = std::max(range.begin, std::min(range.end, section_end));
  }
  ranges_ = std::move(ranges);
}

std::string_view ElfRanges::covering(std::uint32_t section, std::uint64_t offset) const {
  auto at = std::upper_bound(ranges_.begin(), ranges_.end(), std::tuple(section, offset),
                             [](const auto& place, const ElfRange& range) { return place < std::tuple(range.section, range.begin); });
  // Ranges seldom nest, and never deeply: a few steps back find the one around an inner one.
  for (int steps = 0; at != ranges_.begin() && steps < 8; ++steps) {
    --at;
    if (at->section != section) break;
    if (offset >= at->end) continue;
    // Several names for one place: the first of them.
    while (at != ranges_.begin() && std::prev(at)->section == section && std::prev(at)->begin == at->begin && offset < std::prev(at)->end) --at;
    return at->name;
  }
  return {};
}

}  // namespace linkdx::artifact
