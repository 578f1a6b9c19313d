// missing-library on Apple's systems: frameworks.
//
// A framework is named on the link line by `-framework NAME`, and a static library that calls one carries no
// word of it, so that whoever links the library has to know. The symbols' names say which framework they are
// of. A name that the framework of an older SDK does not have yet looks the same in a log; which of the two
// it is only the link command shows.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "facts.hpp"
#include "helpers.hpp"
#include "linkdx/pattern.hpp"
#include "rule.hpp"

namespace linkdx::diagnose {

namespace {

struct FrameworkRow {
  std::string_view pattern, home, source;
};
constexpr FrameworkRow rows[] = {
#include "apple_frameworks.inc"
};

bool links_mach_o(const Case& facts) {
  if (!facts.failure) return false;
  return facts.failure->linker == log::Linker::Ld64 || facts.failure->linker == log::Linker::Ld64Lld ||
         facts.target.find("apple") != std::string::npos;
}

const FrameworkRow* row_of(std::string_view symbol) {
  std::string_view name = bare_name(symbol);
  if (name.starts_with("_")) name.remove_prefix(1);
  for (const FrameworkRow& row : rows)
    if (fits_pattern(row.pattern, name)) return &row;
  return nullptr;
}

/// `-framework Security`, in the driver's words or the linker's own.
bool names_framework(const log::Command& command, std::string_view home) {
  for (std::size_t i = 0; i < command.arguments.size(); ++i)
    if (command.arguments[i] == home ||
        (command.arguments[i].ends_with("framework") && i + 1 < command.arguments.size() &&
         command.arguments[i + 1].ends_with(home)))
      return true;
  return false;
}

}  // namespace

void rule_apple_framework(Context& context) {
  if (!links_mach_o(context.facts)) return;
  std::map<std::string_view, std::vector<std::string>> by_home;
  for (const SymbolFacts* symbol : context.open())
    if (const FrameworkRow* row = row_of(symbol->name)) by_home[row->home].push_back(symbol->name);
  const log::Command* command = context.facts.failure->command ? &*context.facts.failure->command : nullptr;
  for (const auto& [home, names] : by_home) {
    const bool named = command && names_framework(*command, home);
    const bool library = home.starts_with("-l");
    const std::string shown =
        library ? fmt::format("lib{}", home.substr(2)) : say("the framework {}", std::string(home));
    Diagnosis diagnosis = make("LDX0604", named ? Confidence::Possible : Confidence::Likely, names);
    diagnosis.title = named ? say("{} is linked and does not have {}", shown, list_names(names))
                      : names.size() == 1
                          ? say("{} is in {}, which is not linked", list_names(names), shown)
                          : say("{} are in {}, which is not linked", list_names(names), shown);
    diagnosis.explanation = named ? say("The link command names it. Then the SDK is older than the symbol, "
                                        "or the symbol is not for "
                                        "this system.")
                                  : say("A static library carries no list of the frameworks that it calls: "
                                        "whoever links it names them. "
                                        "Where the command does name it, the SDK is older than the symbol.");
    diagnosis.evidence.push_back(context.log_line(names.front()));
    if (command) diagnosis.evidence.push_back(context.log_line(command->where));
    if (!command || command->abridged)
      diagnosis.missing_evidence.push_back({say("the link command, to see whether the library is on it"),
                                            say("make V=1 (or ninja -v) and paste the link command")});
    LibraryMissing found;
    found.name = library ? home.substr(2) : home;
    found.framework = !library;
    if (!named) diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
  }
}

}  // namespace linkdx::diagnose
