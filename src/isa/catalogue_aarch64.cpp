// AArch64. Features, what they imply, levels (armv8.x-a, armv9.x-a) and CPUs come from LLVM
// (AArch64TargetParser.h: Extensions, ExtensionDependencies, ArchInfos, CpuInfos; the back end for what a
// version makes mandatory), the other tools' names from aarch64_names.inc.
#include <algorithm>

#include "llvm_features.hpp"
#include "llvm/TargetParser/AArch64TargetParser.h"

namespace linkdx::isa {
namespace {

struct NamesRow {
  const char *name, *gcc, *rustc, *cpuinfo;
  const char* hwcap = "";
};
constexpr NamesRow rows[] = {
#define NAMES(...) {__VA_ARGS__},
#include "aarch64_names.inc"
#undef NAMES
};

constexpr const char* baseline_names[] = {"fp-armv8", "neon"};

FeatureSet features_of(const llvm::AArch64::ExtensionSet& extensions) {
  FeatureSet features(Arch::AArch64);
  for (const llvm::AArch64::ExtensionInfo& extension : llvm::AArch64::Extensions)
    if (extensions.Enabled.test(extension.ID) && !extension.PosTargetFeature.empty())
      features.add(std::string_view(extension.PosTargetFeature.drop_front()));
  return with_implied(features);
}

constexpr LevelNames level_names[] = {
#define LEVEL(name, gcc, first_gcc, first_clang) {name, gcc, first_gcc, first_clang},
#include "aarch64_level_names.inc"
#undef LEVEL
};

constexpr FirstReleases first_releases[] = {
#define FIRST(feature, gcc, clang, rustc) {feature, gcc, clang, rustc},
#define GONE(feature, gcc, clang)
#include "aarch64_first_releases.inc"
#undef FIRST
#undef GONE
};

constexpr GoneReleases gone_releases[] = {
#define FIRST(feature, gcc, clang, rustc)
#define GONE(feature, gcc, clang) {feature, gcc, clang},
#include "aarch64_first_releases.inc"
#undef FIRST
#undef GONE
};

}  // namespace

Catalogue aarch64_features(Arch arch) {
  Catalogue catalogue;
  catalogue.arch = arch;
  std::array<std::string, llvm::AArch64::AEK_NUM_EXTENSIONS> names, clang_names;
  for (const llvm::AArch64::ExtensionInfo& extension : llvm::AArch64::Extensions) {
    if (extension.PosTargetFeature.empty()) continue;
    names[extension.ID] = extension.PosTargetFeature.drop_front().str();
    clang_names[extension.ID] = extension.UserVisibleName.str();
  }
  auto clang_name = [&](std::string_view name) {
    auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? "" : clang_names[static_cast<std::size_t>(found - names.begin())].c_str();
  };
  std::unordered_map<std::string_view, bool> listed;
  for (const NamesRow& row : rows) {
    listed.emplace(row.name, true);
    catalogue.append({row.name, row.gcc, clang_name(row.name), row.rustc, row.cpuinfo, row.hwcap});
  }
  for (const std::string& name : names)
    if (!name.empty() && listed.emplace(name, true).second)
      catalogue.append({name.c_str(), "", clang_name(name), "", "", ""});
  catalogue.number_features();
  for (const llvm::AArch64::ExtensionDependency& dependency : llvm::AArch64::ExtensionDependencies)
    catalogue.imply(names[dependency.Later], names[dependency.Earlier]);
  catalogue.set_releases(first_releases, gone_releases);
  catalogue.set_baseline(baseline_names);
  return catalogue;
}

Levels aarch64_levels(Arch) {
  // TargetParser lists what a command line can say; what else a version of the architecture makes mandatory
  // (lse2, fptoint) is the back end's.
  std::vector<std::string_view> versions;
  for (const llvm::AArch64::ArchInfo* version : llvm::AArch64::ArchInfos)
    versions.emplace_back(version->ArchFeature.drop_front());
  const std::vector<FeatureSet> mandatory = llvm_implied(Arch::AArch64, "aarch64-linux-gnu", versions);
  auto all_of = [&](const llvm::AArch64::ExtensionSet& extensions, const llvm::AArch64::ArchInfo& version) {
    FeatureSet features = features_of(extensions);
    for (std::size_t i = 0; i < versions.size(); ++i)
      if (versions[i] == std::string_view(version.ArchFeature.drop_front()))
        features.add(with_implied(mandatory[i]));
    return features;
  };
  Levels levels;
  for (const llvm::AArch64::ArchInfo* version : llvm::AArch64::ArchInfos) {
    if (version->Profile != llvm::AArch64::AProfile) continue;
    llvm::AArch64::ExtensionSet extensions;
    extensions.addArchDefaults(*version);
    levels.architecture.push_back({version->Name.str(), all_of(extensions, *version), false});
  }
  for (const llvm::AArch64::CpuInfo& cpu : llvm::AArch64::CpuInfos) {
    if (cpu.Name == "generic") continue;  // no CPU; an alias of armv8-a
    llvm::AArch64::ExtensionSet extensions;
    extensions.addCPUDefaults(cpu);
    levels.cpus.push_back({cpu.Name.str(), all_of(extensions, cpu.Arch), true});
  }
  return levels;
}

std::span<const LevelNames> aarch64_level_names() {
  return level_names;
}

std::string_view aarch64_alias(std::string_view name) {
  if (name == "armv8.0-a" || name == "generic") return "armv8-a";
  if (name == "armv9.0-a") return "armv9-a";
  llvm::StringRef resolved = llvm::AArch64::resolveCPUAlias(name);
  return resolved == llvm::StringRef(name) ? "" : std::string_view(resolved);
}

}  // namespace linkdx::isa
