// Levels and CPUs: named sets of features. x86-64-v1 to v4 are those of the x86-64 psABI, armv8.x-a and armv9.x-a those of
// the Arm architecture, CPUs those that LLVM knows. All sets come from LLVM's TargetParser, so that a level
// means what clang and rustc make of it.
#include <algorithm>

#include "catalogue.hpp"
#include "llvm/ADT/SmallVector.h"
#include "llvm/TargetParser/AArch64TargetParser.h"
#include "llvm/TargetParser/X86TargetParser.h"

namespace linkdx::isa {
namespace {

struct Alias { Arch arch; std::string_view alias, name; };
constexpr Alias level_aliases[] = {
  {Arch::X86_64, "x86-64-v1", "x86-64"},  // the psABI's name for what compilers call x86-64
  {Arch::X86_64, "generic", "x86-64"},    // rustc's and clang's word for the baseline
  {Arch::AArch64, "armv8.0-a", "armv8-a"},
  {Arch::AArch64, "armv9.0-a", "armv9-a"},
  {Arch::AArch64, "generic", "armv8-a"},
};

Level x86_level(Arch arch, llvm::StringRef name, bool is_cpu) {
  Level level{name.str(), FeatureSet(arch), is_cpu};
  llvm::SmallVector<llvm::StringRef, 64> features;
  llvm::X86::getFeaturesForCPU(name, features);
  for (llvm::StringRef feature : features)
    level.features.add(std::string_view(feature));   // tuning flags are not in the catalogue
  // LLVM 19's CPU tables leave out sse2 itself (it only follows from sse3); every x86-64 CPU has it, and so have these.
  if (arch == Arch::X86_64)
    level.features.add(baseline(arch));
  else if (name == "pentium4" || name == "pentium4m" || name == "pentium-m")
    level.features.add("sse2");
  level.features = with_implied(level.features);
  return level;
}

Levels x86_levels(Arch arch) {
  Levels levels;
  bool only_64_bit = arch == Arch::X86_64;
  if (only_64_bit)
    for (const char* name : {"x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"})
      levels.architecture.push_back(x86_level(arch, name, false));
  else
    levels.architecture.push_back(x86_level(arch, "i686", false));
  llvm::SmallVector<llvm::StringRef, 128> names;
  llvm::X86::fillValidCPUArchList(names, only_64_bit);
  for (llvm::StringRef name : names)
    if (!name.starts_with("x86-64"))
      levels.cpus.push_back(x86_level(arch, name, true));
  return levels;
}

FeatureSet aarch64_features(const llvm::AArch64::ExtensionSet& extensions) {
  FeatureSet features(Arch::AArch64);
  for (const llvm::AArch64::ExtensionInfo& extension : llvm::AArch64::Extensions)
    if (extensions.Enabled.test(extension.ID) && !extension.PosTargetFeature.empty())
      features.add(std::string_view(extension.PosTargetFeature.drop_front()));
  return with_implied(features);
}

Levels aarch64_levels() {
  Levels levels;
  for (const llvm::AArch64::ArchInfo* arch : llvm::AArch64::ArchInfos) {
    if (arch->Profile != llvm::AArch64::AProfile)
      continue;
    llvm::AArch64::ExtensionSet extensions;
    extensions.addArchDefaults(*arch);
    levels.architecture.push_back({arch->Name.str(), aarch64_features(extensions), false});
  }
  for (const llvm::AArch64::CpuInfo& cpu : llvm::AArch64::CpuInfos) {
    if (cpu.Name == "generic")
      continue;   // no CPU; an alias of armv8-a
    llvm::AArch64::ExtensionSet extensions;
    extensions.addCPUDefaults(cpu);
    levels.cpus.push_back({cpu.Name.str(), aarch64_features(extensions), true});
  }
  return levels;
}

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

}  // namespace

const Levels& Levels::of(Arch arch) {
  switch (arch) {
    case Arch::X86: { static const Levels levels = x86_levels(Arch::X86); return levels; }
    case Arch::X86_64: { static const Levels levels = x86_levels(Arch::X86_64); return levels; }
    case Arch::AArch64: { static const Levels levels = aarch64_levels(); return levels; }
    default: { static const Levels none; return none; }
  }
}

std::optional<Level> find_level(std::string_view name, Arch arch) {
  std::string wanted(name);
  std::replace(wanted.begin(), wanted.end(), '_', '-');   // rustc and CMake caches write x86_64_v3 at times
  for (const Alias& row : level_aliases)
    if (row.arch == arch && row.alias == wanted)
      wanted = row.name;
  const Levels& levels = Levels::of(arch);
  for (const std::vector<Level>* list : {&levels.architecture, &levels.cpus})
    for (const Level& level : *list)
      if (level.name == wanted || level.name == name)
        return level;
  if (arch == Arch::AArch64) {
    std::string_view resolved(llvm::AArch64::resolveCPUAlias(wanted));
    for (const Level& level : levels.cpus)
      if (level.name == resolved)
        return level;
  }
  return std::nullopt;
}

std::optional<Level> smallest_level(const FeatureSet& features) {
  return copy_of(smallest(Levels::of(features.arch()).architecture, with_implied(features)));
}

std::optional<Level> smallest_cpu(const FeatureSet& features) {
  return copy_of(smallest(Levels::of(features.arch()).cpus, with_implied(features)));
}

std::optional<Level> recommended_level(const FeatureSet& features) {
  std::optional<Level> level = smallest_level(features);
  return level ? level : smallest_cpu(features);
}

std::vector<std::string> cpus_with(const FeatureSet& features) {
  std::vector<std::string> names;
  FeatureSet needed = with_implied(features);
  for (const Level& cpu : Levels::of(features.arch()).cpus)
    if (cpu.features.contains(needed))
      names.push_back(cpu.name);
  return names;
}

}  // namespace linkdx::isa
