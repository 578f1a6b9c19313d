// Features and what they imply. For x86 the names stand in a table of ours (x86_features.inc), because LLVM has no
// public list that separates features from tuning, and what they imply comes from LLVM
// (X86TargetParser.h, updateImpliedFeatures). For AArch64 both come from LLVM (AArch64TargetParser.h, Extensions and
// ExtensionDependencies), and the other tools' names from aarch64_names.inc.
#include "catalogue.hpp"

#include <array>

#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/AArch64TargetParser.h"
#include "llvm/TargetParser/X86TargetParser.h"

namespace linkdx::isa {
namespace {

struct X86Row { const char *name, *gcc, *clang, *rustc, *cpuinfo; };
constexpr X86Row x86_rows[] = {
#define FEATURE(name, gcc, clang, rustc, cpuinfo) {name, gcc, clang, rustc, cpuinfo},
#include "x86_features.inc"
#undef FEATURE
};

struct Implication { const char *feature, *implied; };
constexpr Implication x86_not_in_llvm[] = {
#define IMPLIES(feature, implied) {feature, implied},
#include "x86_not_in_llvm.inc"
#undef IMPLIES
};

struct AArch64Row { const char *name, *gcc, *rustc, *cpuinfo; };
constexpr AArch64Row aarch64_rows[] = {
#define NAMES(name, gcc, rustc, cpuinfo) {name, gcc, rustc, cpuinfo},
#include "aarch64_names.inc"
#undef NAMES
};

void number_features(Catalogue& catalogue) {
  for (std::size_t i = 0; i < catalogue.features.size(); ++i) {
    catalogue.index_of.emplace(catalogue.features[i].name, i);
    Feature& feature = catalogue.features[i];
    feature.implied = FeatureSet(catalogue.arch);
    Catalogue::set(feature.implied, i);
  }
}

/// A feature may imply one that implies others: repeated until nothing is added.
void close_implications(Catalogue& catalogue) {
  for (bool changed = true; changed;) {
    changed = false;
    for (Feature& feature : catalogue.features) {
      for (std::size_t i = 0; i < catalogue.features.size(); ++i) {
        const FeatureSet& brought = catalogue.features[i].implied;
        if (Catalogue::test(feature.implied, i) && !feature.implied.contains(brought)) {
          feature.implied.add(brought);
          changed = true;
        }
      }
    }
  }
}

void imply(Catalogue& catalogue, std::string_view feature, std::string_view implied) {
  auto from = catalogue.index_of.find(feature);
  auto to = catalogue.index_of.find(implied);
  if (from != catalogue.index_of.end() && to != catalogue.index_of.end())
    Catalogue::set(catalogue.features[from->second].implied, to->second);
}

Catalogue x86_catalogue(Arch arch) {
  Catalogue catalogue;
  catalogue.arch = arch;
  for (const X86Row& row : x86_rows)
    catalogue.features.push_back({row.name, row.gcc, row.clang, row.rustc, row.cpuinfo, {}});
  number_features(catalogue);
  for (const Feature& feature : std::vector<Feature>(catalogue.features)) {
    llvm::StringMap<bool> implied;
    llvm::X86::updateImpliedFeatures(feature.name, true, implied);
    for (const auto& entry : implied)
      imply(catalogue, feature.name, std::string_view(entry.first()));
  }
  for (const Implication& row : x86_not_in_llvm)
    imply(catalogue, row.feature, row.implied);
  return catalogue;
}

Catalogue aarch64_catalogue() {
  Catalogue catalogue;
  catalogue.arch = Arch::AArch64;
  auto name_of_extension = [](const llvm::AArch64::ExtensionInfo& extension) {
    return extension.PosTargetFeature.drop_front().str();
  };
  std::array<std::string, llvm::AArch64::AEK_NUM_EXTENSIONS> names, user_visible;
  for (const llvm::AArch64::ExtensionInfo& extension : llvm::AArch64::Extensions) {
    if (extension.PosTargetFeature.empty())
      continue;
    names[extension.ID] = name_of_extension(extension);
    user_visible[extension.ID] = extension.UserVisibleName.str();
  }
  std::unordered_map<std::string_view, bool> listed;
  auto append = [&](const std::string& name, const AArch64Row* row) {
    Feature feature;
    feature.name = name;
    for (std::size_t id = 0; id < names.size(); ++id)
      if (names[id] == name)
        feature.clang = user_visible[id];
    if (row != nullptr) {
      feature.gcc = row->gcc;
      feature.rustc = row->rustc;
      feature.cpuinfo = row->cpuinfo;
    }
    catalogue.features.push_back(feature);
  };
  for (const AArch64Row& row : aarch64_rows) {
    listed.emplace(row.name, true);
    append(row.name, &row);
  }
  for (const std::string& name : names)
    if (!name.empty() && listed.emplace(name, true).second)
      append(name, nullptr);
  number_features(catalogue);
  for (const llvm::AArch64::ExtensionDependency& dependency : llvm::AArch64::ExtensionDependencies)
    imply(catalogue, names[dependency.Later], names[dependency.Earlier]);
  return catalogue;
}

Catalogue build(Arch arch) {
  Catalogue catalogue;
  catalogue.arch = arch;
  std::vector<const char*> baseline;
  switch (arch) {
    case Arch::X86:
      // What distributions call i686; LLVM's own i386 has not even cmpxchg8b.
      catalogue = x86_catalogue(arch);
      baseline = {"x87", "cx8", "cmov"};
      break;
    case Arch::X86_64:
      catalogue = x86_catalogue(arch);
      baseline = {"x87", "cx8", "cmov", "mmx", "fxsr", "sse", "sse2"};
      break;
    case Arch::AArch64:
      catalogue = aarch64_catalogue();
      baseline = {"fp-armv8", "neon"};
      break;
    default:
      break;
  }
  close_implications(catalogue);
  catalogue.baseline = FeatureSet(arch);
  for (const char* name : baseline)
    if (auto found = catalogue.index_of.find(name); found != catalogue.index_of.end())
      Catalogue::set(catalogue.baseline, found->second);
  return catalogue;
}

}  // namespace

const Catalogue& Catalogue::of(Arch arch) {
  switch (arch) {
    case Arch::X86: { static const Catalogue catalogue = build(Arch::X86); return catalogue; }
    case Arch::X86_64: { static const Catalogue catalogue = build(Arch::X86_64); return catalogue; }
    case Arch::AArch64: { static const Catalogue catalogue = build(Arch::AArch64); return catalogue; }
    default: { static const Catalogue catalogue = build(Arch::Unknown); return catalogue; }
  }
}

const Feature* Catalogue::find(std::string_view llvm_name) const {
  auto found = index_of.find(llvm_name);
  return found == index_of.end() ? nullptr : &features[found->second];
}

const std::string& switch_of(const Feature& feature, Tool tool) {
  switch (tool) {
    case Tool::Gcc: return feature.gcc;
    case Tool::Clang: return feature.clang;
    case Tool::Rustc: break;
  }
  return feature.rustc;
}

const Feature* Catalogue::find_for(Tool tool, std::string_view name) const {
  for (const Feature& feature : features)
    if (!name.empty() && switch_of(feature, tool) == name)
      return &feature;
  return find(name);
}

bool is_x86(Arch arch) { return arch == Arch::X86 || arch == Arch::X86_64; }

}  // namespace linkdx::isa
