// `.linkdx.toml`: what a project has looked at and lives with. A suppression needs a reason, because in a
// year somebody asks for it, and one that fits nothing is said, because it hides the next finding of that
// name.
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

#include "linkdx/language.hpp"
#include "linkdx/toml.hpp"

namespace linkdx::check {
namespace {

std::string text_of(const toml::table& table, std::string_view key, Settings& settings,
                    const std::string& path) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return {};
  if (const auto* text = node->as_string()) return text->get();
  settings.faults.push_back({path, say("line {}: `{}` is no text", node->source().begin.line, key)});
  return {};
}

void read_suppression(const toml::table& table, Settings& settings, const std::string& path) {
  Suppression one;
  one.line = table.source().begin.line;
  const auto fault = [&](const std::string& why) {
    settings.faults.push_back({path, say("line {}: {}", one.line, why)});
  };
  for (const auto& [key, value] : table) {
    constexpr std::string_view known[] = {"symbol", "file", "code", "reason"};
    if (std::find(std::begin(known), std::end(known), key.str()) == std::end(known))
      fault(say("a suppression has no `{}`; it has symbol, file, code and reason", key.str()));
  }
  one.symbol = text_of(table, "symbol", settings, path);
  one.file = text_of(table, "file", settings, path);
  one.code = text_of(table, "code", settings, path);
  one.reason = text_of(table, "reason", settings, path);
  if (one.reason.empty()) return fault(say("a suppression needs a `reason`"));
  if (one.symbol.empty() && one.file.empty() && one.code.empty())
    return fault(say("a suppression needs a `symbol`, `file` or `code`: this one would fit everything"));
  settings.suppressions.push_back(std::move(one));
}

}  // namespace

Settings read_settings(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (file) return parse_settings(text.str(), path);
  Settings settings;
  settings.faults.push_back({path, say("cannot be read")});
  return settings;
}

Settings parse_settings(std::string_view text, const std::string& path) {
  Settings settings;
  try {
    const toml::table file = parse_toml(text, path);
    for (const auto& [key, value] : file)
      if (key.str() != "suppress" && key.str() != "baseline" && key.str() != "options")
        settings.faults.push_back(
            {path, say("line {}: unknown key `{}`", value.source().begin.line, key.str())});
    settings.baseline = text_of(file, "baseline", settings, path);
    const toml::node* list = file.get("suppress");
    if (list == nullptr) return settings;
    const toml::array* tables = list->as_array();
    if (tables == nullptr) {
      settings.faults.push_back({path, say("`suppress` is written as [[suppress]]")});
      return settings;
    }
    for (const toml::node& node : *tables)
      if (const toml::table* table = node.as_table())
        read_suppression(*table, settings, path);
      else
        settings.faults.push_back({path, say("`suppress` is written as [[suppress]]")});
  } catch (const toml::parse_error& wrong) {
    settings.faults.push_back({path, say("line {}: {}", wrong.source().begin.line, wrong.description())});
  }
  return settings;
}

}  // namespace linkdx::check
