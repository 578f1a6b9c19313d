// Whether it will link.
//
// With a link command the replay says what stays undefined, what is there twice and which input is of no use;
// the rules of diagnose/ say why, as they would of a log. Without one nothing says what else will be linked:
// then only names count that are those of a CPU kernel whose siblings are here, or whose build is seen to
// have failed.
#include "linking.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "findings.hpp"
#include "linkdx/language.hpp"

namespace linkdx::check {
namespace {

/// Where the first of its symbols is used.
Place place_of(const diagnose::Case& facts, const diagnose::Diagnosis& diagnosis) {
  Place place;
  for (const std::string& name : diagnosis.symbols) {
    const auto use = [&](const link::Undefined& undefined) {
      if (undefined.name != name || undefined.referrers.empty() || !place.path.empty()) return;
      const link::Referrer& first = undefined.referrers.front();
      place.path = first.label;
      place.function = first.function;
    };
    if (facts.replay)
      for (const link::Undefined& undefined : facts.replay->undefined) use(undefined);
    for (const link::Undefined& undefined : facts.located) use(undefined);
    if (facts.replay && place.path.empty())
      for (const link::Duplicate& duplicate : facts.replay->duplicates)
        if (duplicate.name == name && duplicate.definitions.size() > 1) place.path = duplicate.definitions[1];
  }
  if (place.path.empty() && facts.plan) place.path = facts.plan->output_path;
  if (place.path.empty()) place.path = "a.out";
  return place;
}

void add_diagnosed(const diagnose::Case& facts, bool whole_link, std::vector<Finding>& findings) {
  if (facts.symbols.empty()) return;
  for (diagnose::Diagnosis& diagnosis : diagnose::diagnose(facts)) {
    if (diagnosis.symbols.empty()) continue;
    const bool kernel = diagnosis.cause == diagnose::Cause::KernelObjectNotBuilt ||
                        diagnosis.cause == diagnose::Cause::FeatureFlagMismatchBetweenUnits ||
                        diagnosis.cause == diagnose::Cause::AsmToolMissing ||
                        diagnosis.cause == diagnose::Cause::WrongArchObject;
    // A name alone shows nothing where other inputs may still come.
    if (!whole_link && (!kernel || diagnosis.code == "LDX0105")) continue;
    // There is no log: what a rule quotes from one is the symbol itself.
    for (Evidence& evidence : diagnosis.evidence)
      if (evidence.kind == "log" && evidence.path.empty()) {
        evidence.kind = "symbol-table";
        for (const diagnose::SymbolFacts& symbol : facts.symbols)
          if (symbol.name == evidence.text && !symbol.referenced_by.empty())
            evidence.path = symbol.referenced_by.front().object;
        evidence.text = say("undefined here: {}", evidence.text);
      }
    Finding finding;
    finding.place = place_of(facts, diagnosis);
    finding.remedy = fix::remedies(diagnosis, facts);
    const bool proven = whole_link ? facts.replay->complete : diagnosis.confidence == Confidence::Certain;
    finding.severity = proven       ? Severity::Error
                       : whole_link ? Severity::Note  // what was not found may define it
                                    : Severity::Warning;
    if (whole_link && !facts.replay->complete)
      diagnosis.explanation += std::string(sentence_gap()) +
                               say("Not all inputs of the link were found, so another one may define it.");
    finding.diagnosis = std::move(diagnosis);
    finding.fingerprint = fingerprint_of(finding);
    findings.push_back(std::move(finding));
  }
}

void add_unusable(const Scope& scope, std::vector<Finding>& findings) {
  for (const link::Unusable& input : scope.replay->unusable) {
    const bool library = input.name.starts_with("-l");
    const std::string_view code = input.wrong_machine ? "LDX0401" : library ? "LDX0601" : "LDX1502";
    Finding finding = make_finding(code, Severity::Error, Confidence::Certain,
                                   {.path = input.name, .member = {}, .function = {}, .offset = {}}, {});
    finding.diagnosis.title = input.wrong_machine
                                  ? say("`{}` is for another machine than this link", input.name)
                              : input.not_found ? say("`{}` is not there", input.name)
                                                : say("`{}` cannot be used", input.name);
    finding.diagnosis.explanation = say("{}.", input.reason);
    finding.diagnosis.evidence.push_back({"symbol-table", input.name, 0, input.reason});
    for (const std::string& candidate : input.candidates)
      finding.diagnosis.evidence.push_back({"symbol-table", candidate, 0, say("comes near")});
    finding.fingerprint = fingerprint_of(finding);
    findings.push_back(std::move(finding));
  }
}

/// Bitcode and GCC's intermediate code need the compiler's plugin, or a linker that has the compiler in it.
void add_plugin_needs(const Request& request, const Scope& scope, std::vector<Finding>& findings) {
  if (scope.intermediate.empty() || scope.plan->driver) return;
  const bool lld = !scope.plan->archive_order_matters;
  for (const std::string& word : request.command)
    if (word.starts_with("-plugin") || word.starts_with("--plugin")) return;
  for (const artifact::Object* object : scope.intermediate) {
    const bool bitcode = object->kind() == artifact::Kind::Bitcode;
    if (bitcode && lld) continue;
    Finding finding = make_finding("LDX1101", Severity::Error, Confidence::Likely, scope.place(*object), {});
    finding.diagnosis.title = say("`{}` holds intermediate code for link-time optimisation", object->label());
    finding.diagnosis.explanation =
        say("The link command calls the linker itself and names no plugin, so {} is not compiled and its "
            "symbols are missing. The compiler driver ({}) gives the linker its plugin.",
            bitcode ? say("the bitcode") : say("GCC's intermediate code"), bitcode ? "clang" : "gcc");
    finding.diagnosis.evidence.push_back(
        {"symbol-table", object->label(), 0, std::string(artifact::name_of(object->kind()))});
    finding.fingerprint = fingerprint_of(finding);
    findings.push_back(std::move(finding));
    return;  // one says it
  }
}

/// Names of kernels that objects refer to and none defines.
std::vector<std::string> missing_kernels(const Scope& scope) {
  std::unordered_map<std::string_view, bool> defined;
  const auto read = [&defined](const artifact::Object& object) {
    object.visit_symbols([&defined](const artifact::Symbol& symbol) {
      if (symbol.state != artifact::State::Undefined)
        defined[symbol.name] = true;
      else if (symbol.binding != artifact::Binding::Weak)
        defined.try_emplace(symbol.name, false);
    });
  };
  for (const artifact::Object* object : scope.objects) read(*object);
  for (const artifact::Object* object : scope.intermediate) read(*object);
  std::vector<std::string> missing;
  for (const auto& [name, is_defined] : defined) {
    if (is_defined) continue;
    const std::optional<isa::NameHint> hint = isa::from_name(name, scope.arch);
    if (hint && !hint->features.empty() && hint->confidence != Confidence::Possible)
      missing.emplace_back(name);
  }
  std::sort(missing.begin(), missing.end());
  return missing;
}

}  // namespace

void find_link_faults(const Request& request, const Scope& scope, std::vector<Finding>& findings) {
  if (scope.replay != nullptr) {
    add_unusable(scope, findings);
    add_plugin_needs(request, scope, findings);
    add_diagnosed(scope.investigation->cases.front(), true, findings);
    return;
  }
  const std::vector<std::string> missing = missing_kernels(scope);
  if (missing.empty()) return;
  diagnose::Question question;
  question.paths = request.paths;
  question.target = request.target;
  const std::unique_ptr<diagnose::Investigation> investigation =
      diagnose::investigate_artifacts(std::move(question), missing);
  add_diagnosed(investigation->cases.front(), false, findings);
}

}  // namespace linkdx::check
