// Patterns of names, as the knowledge tables and the settings of users have them.
#pragma once

#include <cstddef>
#include <string_view>

namespace linkdx {

/// Whether the whole text fits: `*` stands for any text, `?` for one character. Takes at most the product of
/// the two lengths.
inline bool fits_pattern(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, from = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace linkdx
