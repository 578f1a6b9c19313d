// `.linkdx.toml`: what a project has looked at and lives with. A suppression needs a reason, because in a year somebody asks for it, and
// one that fits nothing is said, because it hides the next finding of that name.
//
//     baseline = "x86-64-v2"
//     [options.check]             # defaults of options: src/cli/settings.cpp
//     [[suppress]]
//     file = "*/libfast.a"        # path, or path(member)
//     symbol = "fast_sum"         # as symbol tables have it, or demangled
//     code = "LDX7001"
//     reason = "only installed on machines with AVX2"
#include "linkdx/check.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace linkdx::check {
namespace {

std::string text_of(const toml::table& table, std::string_view key, Settings& settings, const std::string& path) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return {};
  if (const auto* text = node->as_string()) return text->get();
  settings.faults.push_back({path, fmt::format("line {}: `{}` is no text", node->source().begin.line, key)});
  return {};
}

void read_suppression(const toml::table& table, Settings& settings, const std::string& path) {
  Suppression one;
  one.line = table.source().begin.line;
  const auto fault = [&](const std::string& why) {
    settings.faults.push_back({path, fmt::format("line {}: {}", one.line, why)});
  };
  for (const auto& [key, value] : table) {
    constexpr std::string_view known[] = {"symbol", "file", "code", "reason"};
    if (std::find(std::begin(known), std::end(known), key.str()) == std::end(known))
      fault(fmt::format("a suppression has no `{}`; it has symbol, file, code and reason", key.str()));
  }
  one.symbol = text_of(table, "symbol", settings, path);
  one.file = text_of(table, "file", settings, path);
  one.code = text_of(table, "code", settings, path);
  one.reason = text_of(table, "reason", settings, path);
  if (one.reason.empty()) return fault("a suppression needs a `reason`");
  if (one.symbol.empty() && one.file.empty() && one.code.empty())
    return fault("a suppression needs a `symbol`, `file` or `code`: this one would fit everything");
  settings.suppressions.push_back(std::move(one));
}

/// A character that toml++ 3.3 asserts never to meet: controls; outside of texts and comments what is not ASCII, and
/// what begins no name behind `[[`.
std::optional<std::size_t> foreign_character(std::string_view text) {
  char quote = 0;
  bool comment = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\n') comment = false;
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) return i;
    if (comment) continue;
    if (quote == '"' && c == '\\') {
      ++i;
    } else if (quote != 0) {
      if (c == static_cast<unsigned char>(quote)) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = text[i];
    } else if (c == '#') {
      comment = true;
    } else if (c >= 0x80) {
      return i;
    } else if (c == '[' && text.substr(0, i).ends_with('[')) {
      const std::size_t next = text.find_first_not_of(" \t", i + 1);
      constexpr std::string_view of_keys = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-\"'";
      if (next == std::string_view::npos || of_keys.find(text[next]) == std::string_view::npos) return i;
    }
  }
  return std::nullopt;
}

}  // namespace

bool fits(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, from = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
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

Settings read_settings(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (file) return parse_settings(text.str(), path);
  Settings settings;
  settings.faults.push_back({path, "cannot be read"});
  return settings;
}

Settings parse_settings(std::string_view text, const std::string& path) {
  Settings settings;
  if (const std::optional<std::size_t> at = foreign_character(text)) {
    settings.faults.push_back({path, fmt::format("line {}: a control character, or one that is none of a name",
                                                 std::count(text.begin(), text.begin() + *at, '\n') + 1)});
    return settings;
  }
  try {
    const toml::table file = toml::parse(text, path);
    for (const auto& [key, value] : file)
      if (key.str() != "suppress" && key.str() != "baseline" && key.str() != "options")
        settings.faults.push_back(
            {path, fmt::format("line {}: unknown key `{}`", value.source().begin.line, key.str())});
    settings.baseline = text_of(file, "baseline", settings, path);
    const toml::node* list = file.get("suppress");
    if (list == nullptr) return settings;
    const toml::array* tables = list->as_array();
    if (tables == nullptr) {
      settings.faults.push_back({path, "`suppress` is written as [[suppress]]"});
      return settings;
    }
    for (const toml::node& node : *tables)
      if (const toml::table* table = node.as_table())
        read_suppression(*table, settings, path);
      else
        settings.faults.push_back({path, "`suppress` is written as [[suppress]]"});
  } catch (const toml::parse_error& wrong) {
    settings.faults.push_back(
        {path, fmt::format("line {}: {}", wrong.source().begin.line, wrong.description())});
  }
  return settings;
}

}  // namespace linkdx::check
