// What there is to prove after a diagnosis: the levels and CPUs that its fixes tell a compiler
// (`-march=x86-64`), and the features that the missing code needs, alone and as the smallest level that has
// them.
#include "recommended.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "linkdx/fix.hpp"

namespace linkdx::cli {
namespace {

constexpr std::string_view options_with_cpu[] = {"-march=", "-mcpu=", "target-cpu="};
constexpr std::string_view word_ends = " \t\n'\"";

void add(const std::string& name, std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

/// Levels and CPUs that a text of flags names.
void add_named_in(std::string_view text, isa::Arch arch, std::vector<std::string>& names) {
  for (std::string_view option : options_with_cpu) {
    for (std::size_t at = text.find(option); at != std::string_view::npos; at = text.find(option, at + 1)) {
      const std::string_view rest = text.substr(at + option.size());
      const std::string value(rest.substr(0, rest.find_first_of(word_ends)));
      if (isa::find_level(value, arch)) add(value, names);
    }
  }
}

void add_from_fix(const fix::Fix& fix, isa::Arch arch, std::vector<std::string>& names) {
  std::vector<std::string> texts = fix.apply.cflags;
  texts.insert(texts.end(), fix.apply.rustflags.begin(), fix.apply.rustflags.end());
  for (const auto& [name, value] : fix.apply.env) texts.push_back(value);
  for (const auto& [name, value] : fix.apply.env_append) texts.push_back(value);
  for (const std::vector<std::string>& command : fix.apply.commands)
    texts.insert(texts.end(), command.begin(), command.end());
  for (const std::string& text : texts) add_named_in(text, arch, names);
}

}  // namespace

Recommended recommended_by(const diagnose::Investigation& investigation) {
  Recommended result;
  for (const diagnose::Case& one : investigation.cases) {
    if (result.target.empty()) result.target = one.target;
    if (one.target != result.target) continue;  // one compiler cannot be held to both
    for (const diagnose::Diagnosis& diagnosis : diagnose::diagnose(one)) {
      for (const fix::Fix& fix : fix::remedies(diagnosis, one).fixes)
        add_from_fix(fix, one.arch, result.configurations);
      for (const diagnose::SymbolFacts& symbol : one.symbols) {
        if (!symbol.isa || std::find(diagnosis.symbols.begin(), diagnosis.symbols.end(), symbol.name) ==
                               diagnosis.symbols.end())
          continue;
        const isa::FeatureSet said = isa::without_implied(symbol.isa->features);
        if (said.empty()) continue;
        add(fmt::format("{}", fmt::join(said.names(), ",")), result.configurations);
        if (const std::optional<isa::Level> level = isa::recommended_level(said))
          add(level->name, result.configurations);
      }
    }
  }
  return result;
}

}  // namespace linkdx::cli
