// Versions in cargo's order: https://semver.org section 11. Numbers compare as numbers, a pre-release sorts
// before its release, its parts compare one by one (numbers before words), and build metadata after `+`
// does not count. Missing parts are 0, so that `1.2` and `1.2.0` are equal.
#include <algorithm>
#include <string_view>

#include "linkdx/build.hpp"

namespace linkdx::build {
namespace {

std::string_view take_part(std::string_view& text) {
  std::size_t dot = text.find('.');
  std::string_view part = text.substr(0, dot);
  text.remove_prefix(dot == std::string_view::npos ? text.size() : dot + 1);
  return part;
}

bool is_number(std::string_view part) {
  return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int sign(int value) {
  return value < 0 ? -1 : value > 0 ? 1 : 0;
}

// Digits of any length: without leading zeros the longer one is larger. An absent part is 0.
int compare_parts(std::string_view a, std::string_view b) {
  if (is_number(a) && is_number(b)) {
    a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
    b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    return sign(a.compare(b));
  }
  if (is_number(a) != is_number(b)) return is_number(a) ? -1 : 1;
  return sign(a.compare(b));
}

}  // namespace

int compare_versions(std::string_view a, std::string_view b) {
  a = a.substr(0, a.find('+'));
  b = b.substr(0, b.find('+'));
  std::string_view release_a = a.substr(0, a.find('-'));
  std::string_view release_b = b.substr(0, b.find('-'));
  std::string_view before_a = release_a.size() == a.size() ? "" : a.substr(release_a.size() + 1);
  std::string_view before_b = release_b.size() == b.size() ? "" : b.substr(release_b.size() + 1);
  while (!release_a.empty() || !release_b.empty())
    if (int order = compare_parts(take_part(release_a), take_part(release_b)); order != 0) return order;
  if (before_a.empty() != before_b.empty()) return before_a.empty() ? 1 : -1;
  while (!before_a.empty() && !before_b.empty())
    if (int order = compare_parts(take_part(before_a), take_part(before_b)); order != 0) return order;
  if (before_a.empty() == before_b.empty()) return 0;
  return before_a.empty() ? -1 : 1;
}

}  // namespace linkdx::build
