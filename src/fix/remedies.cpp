// From a diagnosis to its fixes: the finding says which file of this room answers.
#include <algorithm>

#include "fix.hpp"

namespace linkdx::fix {

namespace {

/// Advice of the web that never helps against an undefined symbol that nothing defines.
void refute_common(const Diagnosis& diagnosis, const Case& facts, Remedy& remedy) {
  using diagnose::Cause;
  bool undefined =
      diagnosis.cause == Cause::KernelObjectNotBuilt || diagnosis.cause == Cause::MissingLibrary ||
      diagnosis.cause == Cause::RuntimeLibraryMissing || diagnosis.cause == Cause::AsmToolMissing ||
      diagnosis.cause == Cause::FeatureFlagMismatchBetweenUnits;
  using log::Linker;
  // The option is one of GNU's linkers and those that follow them.
  Linker linker = facts.failure ? facts.failure->linker : Linker::Unknown;
  bool known = linker == Linker::GnuLd || linker == Linker::Gold || linker == Linker::Lld ||
               linker == Linker::Mold || linker == Linker::Unknown;
  if (!undefined || !known || diagnosis.symbols.empty()) return;
  Refuted refuted;
  refuted.advice = "`-Wl,--allow-multiple-definition`";
  refuted.why = say(
      "It is about symbols with more than one definition. This one has none in the link, so there is nothing "
      "to allow.");
  prepend_to_link(refuted.apply, {"-Wl,--allow-multiple-definition"}, facts);
  remedy.refuted.push_back(std::move(refuted));
}

}  // namespace

void fixes_for(const diagnose::Nothing&, const Diagnosis&, const Case&, Remedy&) {}

Remedy remedies(const Diagnosis& diagnosis, const Case& facts) {
  Remedy remedy;
  std::visit([&](const auto& finding) { fixes_for(finding, diagnosis, facts, remedy); }, diagnosis.finding);
  add_reference_kernel(diagnosis, facts, remedy);
  add_known_package(diagnosis, facts, remedy);
  refute_common(diagnosis, facts, remedy);
  std::vector<std::string> configured = configured_rustflags(facts);
  auto keep_configured = [&](Apply& apply) {
    if (!apply.rustflags.empty())
      apply.rustflags.insert(apply.rustflags.begin(), configured.begin(), configured.end());
  };
  for (Refuted& refuted : remedy.refuted) keep_configured(refuted.apply);
  for (Fix& fix : remedy.fixes) {
    if (!fix.apply.rustflags.empty() && !configured.empty())
      fix.why +=
          say(" RUSTFLAGS in the environment replaces the rustflags of .cargo/config.toml, so these are "
              "repeated.");
    keep_configured(fix.apply);
  }
  for (Fix& fix : remedy.fixes) {
    // A fix is never surer than the diagnosis it answers.
    fix.confidence = std::max(fix.confidence, diagnosis.confidence);
    if (fix.snippets.empty()) fix.snippets = snippets_of(fix.apply, facts);
  }
  return remedy;
}

}  // namespace linkdx::fix
