// What a file needs, from the verdicts on its code: what always runs, what may, and what is behind a
// dispatcher.
//
// A facility that a program is granted by the system (protection keys, transactions) never belongs to what
// always runs: the code that uses it has asked for it elsewhere, or has another way, and which of them cannot
// be seen in the code.
#include <algorithm>

#include "linkdx/scan.hpp"

namespace linkdx::scan {
namespace {

struct Row {
  isa::Arch arch;
  std::string_view feature;
};
constexpr Row facilities[] = {
#define FACILITY(arch, feature, source) {isa::Arch::arch, feature},
#include "facilities.inc"
#undef FACILITY
};
constexpr Row deliberate[] = {
#define DELIBERATE(arch, feature, source) {isa::Arch::arch, feature},
#include "deliberate.inc"
#undef DELIBERATE
};

constexpr Row harmless[] = {
#define HARMLESS(arch, feature, source) {isa::Arch::arch, feature},
#include "harmless.inc"
#undef HARMLESS
};

isa::FeatureSet listed_in(std::span<const Row> rows, const isa::FeatureSet& features) {
  isa::FeatureSet result(features.arch());
  for (const Row& row : rows)
    if (row.arch == features.arch() && features.has(row.feature)) result.add(row.feature);
  return result;
}

}  // namespace

isa::FeatureSet facilities_in(const isa::FeatureSet& features) {
  return listed_in(facilities, features);
}

isa::FeatureSet deliberate_in(const isa::FeatureSet& features) {
  return listed_in(deliberate, features);
}

isa::FeatureSet harmless_in(const isa::FeatureSet& features) {
  return listed_in(harmless, features);
}

FileNeeds needs_of_file(std::span<const ScannedObject> objects) {
  FileNeeds needs;
  for (const ScannedObject& object : objects) {
    if (needs.always.arch() == isa::Arch::Unknown)
      needs.always = needs.unknown = needs.all = isa::FeatureSet(object.arch);
    for (const ScannedCode& code : object.code) {
      if (code.is_data()) continue;
      needs.all.add(code.own.features);
      const isa::FeatureSet runs = code.own.features.minus(code.guarded);
      if (code.reach.state == Reach::State::Always) {
        needs.always.add(runs.minus(code.unsure));
        needs.unknown.add(code.unsure);
      } else if (code.reach.state == Reach::State::Unknown) {
        needs.unknown.add(runs);
      }
    }
  }
  const isa::FeatureSet granted = facilities_in(needs.always);
  needs.always = needs.always.minus(granted);
  needs.unknown.add(granted);
  return needs;
}

std::string_view name_of(Reach::State state) {
  switch (state) {
    case Reach::State::Always:
      return "always";
    case Reach::State::Dispatched:
      return "dispatched";
    case Reach::State::Unknown:
    case Reach::State::Unseen:
      break;
  }
  return "unknown";
}

}  // namespace linkdx::scan
