// See abridged.hpp.

#include "abridged.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace linkdx::link {

namespace fs = std::filesystem;

namespace {

/// A hostile word has many braces; a real one has one pair.
constexpr std::size_t most_words = 4096;

bool exists(const fs::path& path, const std::string& directory) {
  std::error_code error;
  return fs::exists(path.is_absolute() || directory.empty() ? path : fs::path(directory) / path, error);
}

/// `a{b,c}d` is `abd` and `acd`. One pair of braces, as rustc writes them.
std::vector<std::string> without_braces(const std::string& word) {
  const std::size_t open = word.find('{');
  const std::size_t close = open == std::string::npos ? open : word.find('}', open);
  if (close == std::string::npos) return {word};
  const std::string before = word.substr(0, open), after = word.substr(close + 1);
  std::string_view list = std::string_view(word).substr(open + 1, close - open - 1);
  std::vector<std::string> result;
  while (result.size() < most_words) {
    const std::size_t comma = list.find(',');
    result.push_back(before + std::string(list.substr(0, comma)) + after);
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return result;
}

/// Files whose name fits a pattern with one `*` in its last component, sorted.
std::vector<std::string> matching(const fs::path& pattern, const std::string& directory) {
  const std::string name = pattern.filename().string();
  const std::size_t star = name.find('*');
  if (star == std::string::npos) return {};
  const std::string_view start = std::string_view(name).substr(0, star),
                         end = std::string_view(name).substr(star + 1);
  const fs::path given = pattern.parent_path();
  std::vector<std::string> result;
  std::error_code error;
  for (fs::directory_iterator
           at(given.is_absolute() || directory.empty() ? given : fs::path(directory) / given, error),
       last;
       !error && at != last; at.increment(error)) {
    const std::string file = at->path().filename().string();
    if (file.size() >= start.size() + end.size() && file.starts_with(start) && file.ends_with(end))
      result.push_back((given / file).string());
  }
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace

Abridged expand_abridged(const std::string& word, const std::string& directory) {
  const bool left_out =
      word.starts_with('<') && (word.ends_with(" omitted>") || word.find(">/") != std::string::npos);
  if (left_out) return {.files = {}, .omitted = {word}};
  if (word.find_first_of("{*") == std::string::npos || exists(word, directory))
    return {.files = {word}, .omitted = {}};
  Abridged result;
  for (const std::string& file : without_braces(word)) {
    if (file.find('*') == std::string::npos) {
      result.files.push_back(file);
      continue;
    }
    // Two files that fit are two builds of one library; which of them was linked cannot be told.
    std::vector<std::string> found = matching(file, directory);
    if (found.size() == 1)
      result.files.push_back(std::move(found.front()));
    else
      result.omitted.push_back(file);
  }
  return result;
}

}  // namespace linkdx::link
