// See elf_ranges.hpp.

#include "elf_ranges.hpp"

#include <algorithm>
#include <tuple>

namespace linkdx::artifact {

static bool same_place(const ElfRange& a, const ElfRange& b) {
  return a.section == b.section && a.begin == b.begin;
}

void ElfRanges::build(std::vector<ElfRange> ranges, const std::vector<std::uint64_t>& section_ends) {
  std::stable_sort(ranges.begin(), ranges.end(), [](const ElfRange& a, const ElfRange& b) {
    return std::tuple(a.section, a.begin, !a.global) < std::tuple(b.section, b.begin, !b.global);
  });
  // From the back, the names of one place at a time.
  for (std::size_t last = ranges.size(); last > 0;) {
    std::size_t first = last - 1;
    while (first > 0 && same_place(ranges[first - 1], ranges[first])) --first;
    const std::uint64_t section_end = section_ends[ranges[first].section];
    const bool last_of_section = last == ranges.size() || ranges[last].section != ranges[first].section;
    const std::uint64_t following = last_of_section ? section_end : ranges[last].begin;
    // A second name for a function is often written down without its size: it ends where the other does.
    std::uint64_t end_of_function = 0;
    for (std::size_t i = first; i < last; ++i)
      if (ranges[i].function) end_of_function = std::max(end_of_function, ranges[i].end);
    for (std::size_t i = first; i < last; ++i) {
      ElfRange& range = ranges[i];
      if (range.end == range.begin && range.function && end_of_function > range.begin) {
        range.end = end_of_function;
        range.sized = true;
      } else if (range.end == range.begin) {
        range.end = following;
      }
      range.end = std::max(range.begin, std::min(range.end, section_end));
    }
    last = first;
  }
  ranges_ = std::move(ranges);
}

std::string_view ElfRanges::covering(std::uint32_t section, std::uint64_t offset) const {
  auto at = std::upper_bound(ranges_.begin(), ranges_.end(), std::tuple(section, offset),
                             [](const auto& place, const ElfRange& range) {
                               return place < std::tuple(range.section, range.begin);
                             });
  // Ranges seldom nest, and never deeply: a few steps back find the one around an inner one.
  for (int steps = 0; at != ranges_.begin() && steps < 8; ++steps) {
    --at;
    if (at->section != section) break;
    if (offset >= at->end) continue;
    // Several names for one place: the first of them.
    while (at != ranges_.begin() && std::prev(at)->section == section && std::prev(at)->begin == at->begin &&
           offset < std::prev(at)->end)
      --at;
    return at->name;
  }
  return {};
}

}  // namespace linkdx::artifact
