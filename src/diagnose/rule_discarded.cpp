// lto-or-visibility: a reference into a section that the linker discarded.
//
// Each object that uses an inline function has a copy of it, in a section of a COMDAT group. Groups of one
// name are one to the linker: it keeps the first and discards the others whole. The ELF specification says
// that nothing outside a group may refer to its local symbols, and compilers keep to that; but what one
// object takes for part of the group another compiler leaves outside, and then a reference leads into
// nothing. GNU ld and lld name the symbol or section, and both files.
#include <fmt/format.h>

#include "facts.hpp"
#include "rule.hpp"

namespace linkdx::diagnose {

namespace {

/// `plugins` of `__start_plugins` and `__stop_plugins`; empty for other names.
std::string_view section_of_bound(std::string_view name) {
  for (std::string_view prefix : {"__start_", "__stop_"})
    if (name.starts_with(prefix)) return name.substr(prefix.size());
  return {};
}

/// The beginning and the end of a section that the output does not have.
void state_missing_sections(Context& context) {
  std::vector<std::string> names;
  std::string section;
  for (const SymbolFacts* symbol : context.open()) {
    std::string_view of = section_of_bound(bare_name(symbol->name));
    const log::SymbolError* error = context.error_of(symbol->name);
    bool undefined = error && (error->kind == log::SymbolError::Kind::Undefined ||
                               error->kind == log::SymbolError::Kind::UndefinedHidden);
    if (of.empty() || !undefined || (!section.empty() && of != section)) continue;
    section = of;
    names.push_back(symbol->name);
  }
  if (names.empty()) return;
  Diagnosis diagnosis = make("LDX1104", Confidence::Likely, names);
  diagnosis.title = say("no section `{}` is in the link, whose bounds {} are", section, list_names(names));
  diagnosis.explanation = say(
      "Linkers define these names for a section `{}` of the output. None of the objects that were taken into "
      "the link has "
      "it, or --gc-sections dropped it. Objects of an archive are taken only when something asks for one of "
      "their "
      "symbols, and what only stands in such a section is asked for by nobody.",
      section);
  diagnosis.evidence.push_back(context.log_line(names.front()));
  diagnosis.missing_evidence.push_back(
      {say("which objects have the section"),
       fmt::format("objdump -h OBJECTS AND ARCHIVES | grep -w {}", section)});
  context.state(std::move(diagnosis));
}

}  // namespace

void rule_discarded(Context& context) {
  state_missing_sections(context);
  std::vector<std::string> names;
  std::vector<Evidence> evidence;
  for (const SymbolFacts* symbol : context.open()) {
    const log::SymbolError* error = context.error_of(symbol->name);
    if (!error || error->kind != log::SymbolError::Kind::Relocation) continue;
    if (error->where.text.find("discarded section") == std::string::npos) continue;
    names.push_back(symbol->name);
    if (names.size() > 3) continue;
    evidence.push_back(context.log_line(error->where));
    for (const log::Reference& reference : error->references)
      if (reference.where.line != error->where.line) evidence.push_back(context.log_line(reference.where));
    if (!error->provider.empty())
      evidence.push_back(
          {"log", context.facts.log->name, error->where.line, say("defined in {}", error->provider)});
  }
  if (names.empty()) return;
  Diagnosis diagnosis = make("LDX1103", Confidence::Certain, names);
  diagnosis.title = names.size() == 1
                        ? say("{} was discarded, and something still refers to it", list_names(names))
                        : say("{} were discarded, and something still refers to them", list_names(names));
  diagnosis.explanation = say(
      "This lies in a section of a COMDAT group: code or data that several objects have a copy of. The "
      "linker kept the copy of "
      "another object, whose group has no such part, and discarded this one. The two objects were compiled "
      "by different "
      "compilers or releases, with different options, or against different versions of a header. Compile "
      "both anew, with the "
      "same compiler and options.");
  diagnosis.evidence = std::move(evidence);
  diagnosis.missing_evidence.push_back(
      {say("which compilers made the two objects"), "readelf -p .comment OBJECT"});
  context.state(std::move(diagnosis));
}

}  // namespace linkdx::diagnose
