// The level that each input needs, and the code that raises it: of what is in the link, and of what is not
// behind a dispatcher. Inputs that stay within the baseline are not decoded, so of these no more is said than
// that.
#include "needs.hpp"

#include <algorithm>

#include "linkdx/language.hpp"

namespace linkdx::check {
namespace {

std::string level_of(const isa::FeatureSet& features) {
  const std::optional<isa::Level> level = isa::level_that_runs(isa::without_implied(features));
  return level ? level->name : say("no level");
}

/// The later a feature in the catalogue, the more it asks of a machine.
std::size_t rank(const isa::FeatureSet& all, const std::string& feature) {
  const std::vector<std::string> names = all.names();
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), feature) - names.begin());
}

void add(const Scope& scope, const scan::ScannedObject& object, Need& need) {
  for (const scan::ScannedCode& code : object.code) {
    if (code.is_data() || !scope.keeps(*object.object, code.section)) continue;
    const isa::FeatureSet runs = scope.above(code.own.features.minus(code.guarded).minus(code.unsure));
    if (runs.empty() || code.reach.state == scan::Reach::State::Dispatched) continue;
    if (code.reach.state != scan::Reach::State::Always) {
      need.perhaps.add(runs);
      continue;
    }
    const isa::FeatureSet before = need.features;
    need.features.add(runs);
    for (const isa::Witness& witness : code.own.witnesses) {
      if (!runs.has(witness.feature)) continue;
      if (!need.instruction.empty() &&
          (before.has(witness.feature) ||
           rank(need.features, witness.feature) + 1 < need.features.names().size()))
        continue;
      need.raised_by = scope.place(*object.object);
      need.raised_by.function = code.name;
      need.raised_by.offset = witness.offset;
      need.instruction = witness.disassembly;
    }
  }
}

}  // namespace

std::vector<Need> needs_of(const Scope& scope, const Code& code) {
  std::vector<Need> needs;
  const auto need_of = [&](const artifact::Object& object) -> Need& {
    const std::string path = scope.place(object).path;
    for (Need& need : needs)
      if (need.path == path) return need;
    Need need;
    need.path = path;
    need.features = need.perhaps = isa::FeatureSet(scope.arch);
    needs.push_back(std::move(need));
    return needs.back();
  };
  for (const scan::ScannedObject& object : code.scanned) add(scope, object, need_of(*object.object));
  for (const auto& file : code.linked) add(scope, file.front(), need_of(*file.front().object));
  std::erase_if(needs, [](const Need& need) { return need.features.empty() && need.perhaps.empty(); });
  for (Need& need : needs) {
    need.perhaps = need.perhaps.minus(isa::with_implied(need.features));
    isa::FeatureSet all = isa::baseline(scope.arch);
    all.add(need.features);
    need.level = need.features.empty() ? scope.baseline : level_of(all);
  }
  std::sort(needs.begin(), needs.end(), [](const Need& a, const Need& b) { return a.path < b.path; });
  return needs;
}

}  // namespace linkdx::check
