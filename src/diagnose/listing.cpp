#include "listing.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>
#include <vector>

#include "rule.hpp"
#include "sources.hpp"

namespace linkdx::diagnose {

namespace {

/// Whether the condition has the variable as a word.
bool names_variable(const std::string& condition, const std::string& variable) {
  auto word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  for (std::size_t at = variable.empty() ? std::string::npos : condition.find(variable);
       at != std::string::npos; at = condition.find(variable, at + 1)) {
    bool starts = at == 0 || !word(condition[at - 1]);
    bool ends = at + variable.size() >= condition.size() || !word(condition[at + variable.size()]);
    if (starts && ends) return true;
  }
  return false;
}

}  // namespace

std::optional<ListedAt> listed_at(const Case& facts, const std::string& source) {
  std::string name(file_name(source));
  for (const std::string& directory : source_directories(facts))
    for (const build::Occurrence& mention : build::search_sources(directory, name, 64)) {
      std::string_view file = file_name(mention.path);
      bool cmake = file == "CMakeLists.txt" || file.ends_with(".cmake");
      if (!cmake && !file.starts_with("Makefile") && !file.starts_with("makefile") && file != "GNUmakefile" &&
          file != "meson.build" && file != "build.rs" && file != "BUILD" && file != "BUILD.bazel" &&
          file != "BUILD.gn" && file != "setup.py" && file != "binding.gyp" && !file.ends_with(".mk") &&
          !file.ends_with(".am"))
        continue;
      ListedAt found{mention.path, mention.where.line, mention.where.text, {}, 0};
      if (found.text.find_first_not_of(" \t") != std::string::npos &&
          found.text[found.text.find_first_not_of(" \t")] == '#')
        continue;
      // The conditions still open at that line, read from the top.
      std::string text = read_source(mention.path);
      std::vector<std::pair<std::string, std::uint64_t>> open;
      std::size_t at = 0;
      for (std::uint64_t line = 1; line < mention.where.line && at < text.size(); ++line) {
        std::size_t end = text.find('\n', at);
        std::string words = text.substr(at, end - at);
        at = end == std::string::npos ? text.size() : end + 1;
        std::size_t start = words.find_first_not_of(" \t");
        if (start == std::string::npos || words[start] == '#') continue;
        words = words.substr(start);
        std::string lower = words;
        std::transform(lower.begin(), lower.end(), lower.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        bool plain = file == "meson.build" || file.ends_with(".am");  // "if x", without parentheses
        if ((plain && lower.starts_with("if ")) || lower.starts_with("if(") || lower.starts_with("if (") ||
            lower.starts_with("ifeq") || lower.starts_with("ifneq") || lower.starts_with("ifdef") ||
            lower.starts_with("ifndef"))
          open.emplace_back(words, line);
        else if ((lower.starts_with("elseif") || (plain && lower.starts_with("elif "))) && !open.empty())
          open.back() = {words, line};
        else if (lower.starts_with("else") && !open.empty())
          open.back().first = "else of " + open.back().first;
        else if ((lower.starts_with("endif")) && !open.empty())
          open.pop_back();
      }
      if (!open.empty()) found.condition = open.back().first, found.condition_line = open.back().second;
      return found;
    }
  return std::nullopt;
}

std::optional<OffSwitch> off_switch(const build::ConfiguredTree& tree, const ListedAt& listed) {
  for (const build::Setting& setting : tree.options) {
    bool off = setting.value == "off" || setting.value == "disabled" || setting.value == "false";
    if (off && names_variable(listed.condition, setting.key))
      return OffSwitch{setting.key,
                       {"configure-log", setting.path, setting.where.line, setting.where.text},
                       setting.type == "CONDITIONAL",
                       setting.type != "CONDITIONAL"};
  }
  if (tree.system != "meson") return std::nullopt;
  // `avx = cc.compiles(code, name: 'AVX-512 kernels')` above `if avx`: the words of the assignment are those
  // of the check.
  std::string text = read_source(listed.path);
  std::uint64_t line = 0;
  std::string assignment, variable;
  for (std::size_t at = 0; at < text.size() && line < listed.condition_line;) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::string words = text.substr(at, end - at);
    at = end + 1;
    ++line;
    std::size_t equals = words.find(" = ");
    if (equals != std::string::npos && words.find('(') != std::string::npos && words.find('(') > equals) {
      variable = words.substr(0, equals);
      variable.erase(0, variable.find_first_not_of(" \t"));
      assignment = words;
    } else if (!assignment.empty()) {
      assignment += words;
    }
    if (!names_variable(listed.condition, variable)) continue;
    for (const build::Check& check : tree.checks)
      if (!check.passed && !check.variable.empty() &&
          assignment.find("'" + check.variable + "'") != std::string::npos)
        return OffSwitch{check.variable,
                         {"configure-log", check.path, check.where.line,
                          check.message.empty() ? check.where.text : check.where.text + "\n" + check.message},
                         true};
  }
  return std::nullopt;
}

std::optional<OffSwitch> off_switch(const build::CMakeTree& tree, const std::string& condition) {
  auto names = [&](const std::string& variable) { return names_variable(condition, variable); };
  for (const build::Check& check : tree.checks)
    if (!check.passed && !check.variable.empty() && names(check.variable))
      return OffSwitch{check.variable,
                       {"configure-log", check.path, check.where.line,
                        check.message.empty() ? check.where.text : check.message},
                       true};
  for (const build::Setting& setting : tree.cache) {
    std::string value = setting.value;
    std::transform(value.begin(), value.end(), value.begin(),
                   [](unsigned char c) { return std::toupper(c); });
    bool off = value.empty() || value == "OFF" || value == "0" || value == "FALSE" || value == "NO" ||
               value.ends_with("NOTFOUND");
    if (off && names(setting.key))
      return OffSwitch{setting.key,
                       {"cmake-cache", setting.path, setting.where.line, setting.where.text},
                       setting.type == "INTERNAL",
                       setting.type == "BOOL"};
  }
  return std::nullopt;
}

const build::Setting* preset_of(const Case& facts, const std::string& variable) {
  for (const build::ConfiguredTree& tree : facts.build->configured)
    if (tree.system == "cmake-presets")
      for (const build::Setting& setting : tree.options)
        if (setting.key == variable) return &setting;
  return nullptr;
}

}  // namespace linkdx::diagnose
