// Levels and CPUs: named sets of features, and which of them has what code needs. What they are comes from
// each architecture (architectures.hpp).
#include <algorithm>

#include "architectures.hpp"

namespace linkdx::isa {
namespace {

const Level* smallest(const std::vector<Level>& levels, const FeatureSet& features) {
  const Level* best = nullptr;
  for (const Level& level : levels)
    if (level.features.contains(features) &&
        (best == nullptr || Catalogue::count(level.features) < Catalogue::count(best->features)))
      best = &level;
  return best;
}

std::optional<Level> copy_of(const Level* level) {
  return level == nullptr ? std::nullopt : std::optional<Level>(*level);
}

const Level* find_in(const Levels& levels, std::string_view name) {
  for (const std::vector<Level>* list : {&levels.architecture, &levels.cpus})
    for (const Level& level : *list)
      if (level.name == name) return &level;
  return nullptr;
}

Levels build(Arch arch) {
  const Architecture* architecture = find_architecture(arch);
  return architecture == nullptr ? Levels() : architecture->levels(arch);
}

}  // namespace

const Levels& Levels::of(Arch arch) {
  return made_once<Levels, build>(arch);
}

std::optional<Level> find_level(std::string_view name, Arch arch) {
  std::string dashed(name);
  std::replace(dashed.begin(), dashed.end(), '_', '-');  // rustc and CMake caches write x86_64_v3 at times
  const Levels& levels = Levels::of(arch);
  const Architecture* architecture = find_architecture(arch);
  for (std::string_view spelling : {name, std::string_view(dashed)}) {
    std::string_view alias = architecture != nullptr && architecture->alias != nullptr
                                 ? architecture->alias(spelling)
                                 : std::string_view();
    if (const Level* level = find_in(levels, alias.empty() ? spelling : alias)) return *level;
  }
  return std::nullopt;
}

/// A level below the baseline is no answer: levels of PowerPC and MIPS begin there.
static FeatureSet on_top_of_baseline(const FeatureSet& features) {
  FeatureSet all = with_implied(features);
  all.add(baseline(features.arch()));
  return all;
}

std::optional<Level> smallest_level(const FeatureSet& features) {
  return copy_of(smallest(Levels::of(features.arch()).architecture, on_top_of_baseline(features)));
}

std::optional<Level> smallest_cpu(const FeatureSet& features) {
  return copy_of(smallest(Levels::of(features.arch()).cpus, with_implied(features)));
}

std::optional<Level> recommended_level(const FeatureSet& features) {
  std::optional<Level> level = smallest_level(features);
  return level ? level : smallest_cpu(features);
}

std::optional<Level> level_that_runs(const FeatureSet& features) {
  std::optional<Level> level = recommended_level(features);
  return level ? level : copy_of(smallest(Levels::of(features.arch()).beyond, with_implied(features)));
}

std::vector<std::string> cpus_with(const FeatureSet& features) {
  std::vector<std::string> names;
  FeatureSet needed = with_implied(features);
  for (const Level& cpu : Levels::of(features.arch()).cpus)
    if (cpu.features.contains(needed)) names.push_back(cpu.name);
  return names;
}

}  // namespace linkdx::isa
