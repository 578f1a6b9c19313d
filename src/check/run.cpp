// One check, from the request to what is left of the findings after the suppressions.
#include <algorithm>
#include <memory>

#include "code.hpp"
#include "findings.hpp"
#include "intermediate.hpp"
#include "leaks.hpp"
#include "linking.hpp"
#include "linkdx/language.hpp"
#include "linkdx/link.hpp"
#include "linkdx/pattern.hpp"
#include "needs.hpp"
#include "notes.hpp"

namespace linkdx::check {
namespace {

bool fits_symbol(const Suppression& suppression, const std::string& symbol) {
  return suppression.symbol.empty() || fits_pattern(suppression.symbol, symbol) ||
         fits_pattern(suppression.symbol, link::demangle(symbol));
}

bool fits_place(const Suppression& suppression, std::string_view code, const Place& place) {
  return (suppression.code.empty() || suppression.code == code) &&
         (suppression.file.empty() || fits_pattern(suppression.file, place.path) ||
          fits_pattern(suppression.file, place.label()));
}

/// The functions of one finding need not all be suppressed: each is asked for before findings are made of
/// them.
void suppress_functions(const Request& request, const Scope& scope, std::vector<Leak>& leaks,
                        std::vector<bool>& used, Result& result) {
  std::vector<Leak> left;
  for (Leak& leak : leaks) {
    const Place place = scope.place(*leak.object->object);
    const Suppression* matched = nullptr;
    for (std::size_t i = 0; i < request.suppressions.size(); ++i) {
      const Suppression& one = request.suppressions[i];
      if (one.symbol.empty() || !fits_symbol(one, leak.code->name) || !fits_place(one, code_of(leak), place))
        continue;
      used[i] = true;
      if (matched == nullptr) matched = &one;
    }
    if (matched == nullptr) {
      left.push_back(std::move(leak));
      continue;
    }
    Leaks alone;
    alone.leaks.push_back(std::move(leak));
    for (Finding& finding : findings_of(scope, alone, true))
      result.suppressed.push_back({std::move(finding), matched->reason});
  }
  leaks = std::move(left);
}

void suppress(const Request& request, std::vector<Finding> findings, std::vector<bool>& used,
              Result& result) {
  for (Finding& finding : findings) {
    const Suppression* matched = nullptr;
    for (std::size_t i = 0; i < request.suppressions.size(); ++i) {
      const Suppression& one = request.suppressions[i];
      if (!fits_place(one, finding.diagnosis.code, finding.place)) continue;
      const std::vector<std::string>& symbols = finding.diagnosis.symbols;
      const auto fitting = [&](const std::string& symbol) { return fits_symbol(one, symbol); };
      if (!one.symbol.empty() && (symbols.empty() || !std::all_of(symbols.begin(), symbols.end(), fitting)))
        continue;
      used[i] = true;
      if (matched == nullptr) matched = &one;
    }
    if (matched != nullptr)
      result.suppressed.push_back({std::move(finding), matched->reason});
    else
      result.findings.push_back(std::move(finding));
  }
  for (std::size_t i = 0; i < used.size(); ++i)
    if (!used[i]) result.unmatched.push_back(request.suppressions[i]);
}

}  // namespace

std::string Place::label() const {
  return member.empty() ? path : path + "(" + member + ")";
}

std::string_view name_of(Severity severity) {
  return severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "note";
}

Result run(const Request& request) {
  Result result;
  Scope scope;
  result.fault = open_scope(request, scope);
  result.investigation = scope.investigation;
  result.skipped = scope.skipped;
  if (!result.fault.empty()) return result;
  result.arch = scope.arch;
  result.baseline = scope.baseline;
  result.linked = scope.replay != nullptr;

  std::vector<Finding> findings;
  find_link_faults(request, scope, findings);
  std::vector<std::unique_ptr<Code>> codes;  // what the leaks point into
  Leaks leaks;
  const std::vector<Scope> units = units_of(scope);
  scope.objects.clear();  // what is there twice in a tree counts once from here on
  for (const Scope& unit : units) {
    scope.objects.insert(scope.objects.end(), unit.objects.begin(), unit.objects.end());
    codes.push_back(std::make_unique<Code>(read_code(unit, request.threads)));
    result.objects += codes.back()->looked_at;
    Leaks found = find_leaks(unit, *codes.back());
    for (auto list : {&Leaks::leaks, &Leaks::avoided, &Leaks::undecided})
      std::move((found.*list).begin(), (found.*list).end(), std::back_inserter(leaks.*list));
    for (Need& need : needs_of(unit, *codes.back())) result.needs.push_back(std::move(need));
  }
  std::vector<bool> used(request.suppressions.size());
  suppress_functions(request, scope, leaks.leaks, used, result);
  suppress_functions(request, scope, leaks.avoided, used, result);
  suppress_functions(request, scope, leaks.undecided, used, result);
  for (Finding& finding : findings_of(scope, leaks, request.dispatch_ok))
    findings.push_back(std::move(finding));
  find_intermediate(scope, findings);
  find_notes(scope, request.threads, findings);
  if (!isa::supported(scope.arch))
    result.skipped.push_back(
        {std::string(isa::name_of(scope.arch)),
         say("instructions are not read, so nothing is said of what runs on the baseline")});
  suppress(request, std::move(findings), used, result);
  std::stable_sort(result.findings.begin(), result.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
  return result;
}

}  // namespace linkdx::check
