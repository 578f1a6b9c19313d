// CMakeCache.txt: what a configure step stored. `KEY:TYPE=VALUE`, comments after `//` and `#`. A key with a
// colon is in double quotes, a value with spaces at its ends in single quotes, and `KEY-ADVANCED:INTERNAL=1`
// marks KEY as hidden from the simple view. Source: cmCacheManager::ParseEntry and OutputValue in
// Source/cmCacheManager.cxx and cmState::ParseCacheEntry of CMake.
#include <map>

#include "cmake_files.hpp"
#include "files.hpp"

namespace linkdx::build {
namespace {

// Fills key, type and value; false for a line that is no entry.
bool read_entry(std::string_view line, Setting& setting) {
  std::string_view rest = line;
  if (rest.starts_with('"')) {
    std::size_t close = rest.find('"', 1);
    if (close == std::string_view::npos) return false;
    setting.key = std::string(rest.substr(1, close - 1));
    rest.remove_prefix(close + 1);
    if (!rest.starts_with(':')) return false;
  } else {
    std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    setting.key = std::string(rest.substr(0, colon));
    rest.remove_prefix(colon);
  }
  std::size_t equals = rest.find('=');
  if (equals == std::string_view::npos) return false;
  setting.type = std::string(rest.substr(1, equals - 1));
  std::string_view value = rest.substr(equals + 1);
  if (value.size() >= 2 && value.front() == '\'' && value.back() == '\'')
    value = value.substr(1, value.size() - 2);
  setting.value = std::string(value);
  return true;
}

}  // namespace

std::vector<Setting> read_cmake_cache(std::string_view text, const std::string& path) {
  constexpr std::string_view mark = "-ADVANCED";
  std::vector<Setting> settings;
  std::map<std::string, bool, std::less<>> advanced;
  Lines lines(text);
  for (std::string_view line; lines.next(line);) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.empty() || line.starts_with('#') || line.starts_with("//")) continue;
    Setting setting;
    if (!read_entry(line, setting)) continue;
    if (setting.type == "INTERNAL" && setting.key.size() > mark.size() && setting.key.ends_with(mark)) {
      advanced[setting.key.substr(0, setting.key.size() - mark.size())] = setting.value == "1";
      continue;
    }
    setting.where = {lines.number(), std::string(line)};
    setting.path = path;
    settings.push_back(std::move(setting));
  }
  for (Setting& setting : settings)
    if (auto found = advanced.find(setting.key); found != advanced.end()) setting.advanced = found->second;
  return settings;
}

}  // namespace linkdx::build
