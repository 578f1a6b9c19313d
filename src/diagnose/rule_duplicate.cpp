// duplicate-definition: two objects define one symbol.
//
// The linker's message is itself the evidence: it names both definitions. What the objects add is whether
// the two are the same bytes, whether they are variables that older compilers made common, and whether one
// library is there twice.
#include <algorithm>

#include <fmt/format.h>

#include "facts.hpp"
#include "rule.hpp"
#include "sources.hpp"

namespace linkdx::diagnose {

namespace {

const link::Duplicate* replayed_duplicate(const Case& facts, std::string_view name) {
  if (!facts.replay) return nullptr;
  for (const link::Duplicate& duplicate : facts.replay->duplicates)
    if (duplicate.name == name) return &duplicate;
  return nullptr;
}

/// The definitions as the log, or the replay, has them; the first is the one a linker keeps.
std::vector<std::string> definitions_of(const Context& context, const SymbolFacts& symbol) {
  if (const link::Duplicate* duplicate = replayed_duplicate(context.facts, symbol.name))
    return duplicate->definitions;
  std::vector<std::string> definitions;
  for (const SymbolFacts::ReferencedBy& place : symbol.referenced_by) {
    std::string text = !place.object.empty() ? place.object : place.source;
    if (!text.empty() && std::find(definitions.begin(), definitions.end(), text) == definitions.end())
      definitions.push_back(text);
  }
  return definitions;
}

/// The header that holds both definitions, where the linker names the same line for both: each file that
/// includes it defines the symbol.
const log::Reference* in_one_header(const log::SymbolError* error) {
  if (!error || error->references.size() < 2) return nullptr;
  const log::Reference& first = error->references.front();
  const std::size_t dot = first.source.rfind('.');
  if (!first.source_line || dot == std::string::npos) return nullptr;
  const std::string ending = first.source.substr(dot);
  if (ending != ".h" && ending != ".hh" && ending != ".hpp" && ending != ".hxx" && ending != ".H")
    return nullptr;
  for (const log::Reference& other : error->references)
    if (other.source != first.source || other.source_line != first.source_line) return nullptr;
  return &first;
}

/// Whether the section in which the linker saw it holds variables; or, of GNU ld, a line of a header outside
/// any function, where it names one for functions.
bool is_variable(const Context& context, const log::SymbolError* error) {
  if (!error) return false;
  const bool by_ld = context.facts.failure && context.facts.failure->linker == log::Linker::GnuLd;
  if (by_ld && in_one_header(error) != nullptr &&
      std::all_of(error->references.begin(), error->references.end(),
                  [](const log::Reference& reference) { return reference.function.empty(); }))
    return true;
  for (const log::Reference& reference : error->references)
    if (reference.section.starts_with(".bss") || reference.section.starts_with(".data") ||
        reference.section.starts_with("COMMON"))
      return true;
  return false;
}

}  // namespace

void rule_duplicate_definition(Context& context) {
  // One diagnosis for each pair of objects: forty symbols of one doubled object are one fault.
  while (true) {
    std::vector<const SymbolFacts*> open = context.open(SymbolFacts::Status::Duplicate);
    if (open.empty()) return;
    std::vector<std::string> definitions = definitions_of(context, *open.front());
    std::vector<std::string> names;
    std::vector<Evidence> evidence;
    bool variables = true;
    for (const SymbolFacts* symbol : open) {
      if (definitions_of(context, *symbol) != definitions) continue;
      names.push_back(symbol->name);
      variables = variables && is_variable(context, context.error_of(symbol->name));
      if (evidence.size() < 4) evidence.push_back(context.log_line(symbol->name));
    }
    Duplicated found;
    found.symbol = names.front();
    found.definitions = definitions;
    found.common = variables;
    if (const link::Duplicate* duplicate = replayed_duplicate(context.facts, names.front())) {
      found.identical = duplicate->identical;
      for (const std::string& definition : definitions)
        evidence.push_back({"symbol-table", definition, 0, say("defines `{}`", names.front())});
    }
    for (const SourceDefinition& definition :
         find_definitions(context.facts, open.front()->linker_name, In::Headers)) {
      found.header = definition.path;
      found.header_line = definition.line;
      evidence.push_back({"source", definition.path, definition.line, definition.text});
      break;
    }
    if (const log::Reference* place = in_one_header(context.error_of(names.front()));
        place && found.header.empty()) {
      found.header = place->source;
      found.header_line = place->source_line;
    }
    // The linker is never wrong about this: it saw both.
    Diagnosis diagnosis = make("LDX1201", Confidence::Certain, names);
    diagnosis.title = names.size() == 1 ? say("{} is defined more than once", list_names(names))
                                        : say("{} are defined more than once", list_names(names));
    if (definitions.size() >= 2)
      diagnosis.explanation =
          names.size() == 1
              ? say("Both {} and {} define it.", definitions[0], definitions[1])
              : say("Both {} and {} define these {} symbols.", definitions[0], definitions[1], names.size());
    else
      diagnosis.explanation = say("The linker met a second definition.");
    if (variables)
      diagnosis.explanation += say(
          " They are variables. Since GCC 10 and clang 11 a variable that a header declares without `extern` "
          "is a "
          "definition in every file that includes it (-fno-common is the default); before, the linker merged "
          "them.");
    if (!found.header.empty())
      diagnosis.explanation +=
          say(" `{}` defines it, so every file that includes that header does.", shown_path(found.header));
    if (found.identical) diagnosis.explanation += say(" The two definitions are the same bytes.");
    diagnosis.evidence = std::move(evidence);
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
  }
}

}  // namespace linkdx::diagnose
