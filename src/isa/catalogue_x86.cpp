// x86 and x86-64. The features' names stand in a table of ours (x86_features.inc), because LLVM has no public
// list that separates features from tuning; what they imply comes from LLVM (X86TargetParser.h,
// updateImpliedFeatures). x86-64-v1 to v4 are the levels of the x86-64 psABI, CPUs those that LLVM knows, all
// with LLVM's sets, so that a level means what clang and rustc make of it.
#include "architectures.hpp"
#include "code.hpp"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/X86TargetParser.h"

namespace linkdx::isa {
namespace {

constexpr FeatureRow rows[] = {
#define FEATURE(...) {__VA_ARGS__},
#include "x86_features.inc"
#undef FEATURE
};

constexpr Implication not_in_llvm[] = {
#define IMPLIES(feature, implied) {feature, implied},
#include "x86_not_in_llvm.inc"
#undef IMPLIES
};

// What distributions call i686; LLVM's own i386 has not even cmpxchg8b.
constexpr const char* baseline_32[] = {"x87", "cx8", "cmov"};
constexpr const char* baseline_64[] = {"x87", "cx8", "cmov", "mmx", "fxsr", "sse", "sse2"};

Level level_of(Arch arch, llvm::StringRef name, bool is_cpu) {
  Level level{name.str(), FeatureSet(arch), is_cpu};
  llvm::SmallVector<llvm::StringRef, 64> features;
  llvm::X86::getFeaturesForCPU(name, features);
  for (llvm::StringRef feature : features)
    level.features.add(std::string_view(feature));  // tuning flags are not in the catalogue
  // LLVM 19's CPU tables leave out sse2 itself (it only follows from sse3); every x86-64 CPU has it, and so
  // have these.
  if (arch == Arch::X86_64)
    level.features.add(baseline(arch));
  else if (name == "pentium4" || name == "pentium4m" || name == "pentium-m")
    level.features.add("sse2");
  level.features = with_implied(level.features);
  return level;
}

struct Beyond {
  std::string_view cpu, features;
};
constexpr Beyond beyond[] = {
#define BEYOND(cpu, features, source) {cpu, features},
#include "x86_cpus_beyond.inc"
#undef BEYOND
};

constexpr LevelNames level_names[] = {
#define LEVEL(name, gcc, first_gcc, first_clang) {name, gcc, first_gcc, first_clang},
#include "x86_level_names.inc"
#undef LEVEL
};

constexpr FirstReleases first_releases[] = {
#define FIRST(feature, gcc, clang, rustc) {feature, gcc, clang, rustc},
#define GONE(feature, gcc, clang)
#include "x86_first_releases.inc"
#undef FIRST
#undef GONE
};

constexpr GoneReleases gone_releases[] = {
#define FIRST(feature, gcc, clang, rustc)
#define GONE(feature, gcc, clang) {feature, gcc, clang},
#include "x86_first_releases.inc"
#undef FIRST
#undef GONE
};

}  // namespace

Catalogue x86_features(Arch arch) {
  Catalogue catalogue;
  catalogue.arch = arch;
  for (const FeatureRow& row : rows) catalogue.append(row);
  catalogue.number_features();
  for (const FeatureRow& row : rows) {
    llvm::StringMap<bool> implied;
    llvm::X86::updateImpliedFeatures(row.name, true, implied);
    for (const auto& entry : implied) catalogue.imply(row.name, std::string_view(entry.first()));
  }
  for (const Implication& row : not_in_llvm) catalogue.imply(row.feature, row.implied);
  for (const Implication& row : not_in_llvm)
    catalogue.features[catalogue.index_of.at(row.feature)].in_llvm = false;
  catalogue.set_releases(first_releases, gone_releases);
  if (arch == Arch::X86)
    catalogue.set_baseline(baseline_32);
  else
    catalogue.set_baseline(baseline_64);
  return catalogue;
}

Levels x86_levels(Arch arch) {
  Levels levels;
  bool only_64_bit = arch == Arch::X86_64;
  if (only_64_bit)
    for (const char* name : {"x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"})
      levels.architecture.push_back(level_of(arch, name, false));
  else
    levels.architecture.push_back(level_of(arch, "i686", false));
  llvm::SmallVector<llvm::StringRef, 128> names;
  llvm::X86::fillValidCPUArchList(names, only_64_bit);
  for (llvm::StringRef name : names)
    if (!name.starts_with("x86-64")) levels.cpus.push_back(level_of(arch, name, true));
  for (const Beyond& row : beyond)
    for (const Level& cpu : levels.cpus)
      if (cpu.name == row.cpu) {
        levels.beyond.push_back(cpu);
        levels.beyond.back().features.add(with_implied(feature_words(arch, row.features)));
      }
  return levels;
}

std::span<const LevelNames> x86_level_names() {
  return level_names;
}

std::string_view x86_alias(std::string_view name) {
  // The psABI's name for what compilers call x86-64; rustc's and clang's word for the baseline.
  return name == "x86-64-v1" || name == "generic" ? "x86-64" : "";
}

}  // namespace linkdx::isa
