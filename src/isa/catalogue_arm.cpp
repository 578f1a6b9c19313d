// 32-bit ARM. What features imply, versions of the architecture and CPUs come from LLVM (llvm_table.hpp), the other tools' names from
// arm_features.inc.
//
// The baseline is what `armhf` means to distributions: ARMv7-A with VFPv3 and 16 double registers, no NEON (Debian's ArmPorts; rustc's
// armv7-unknown-linux-gnueabihf). Older targets (armel: ARMv5TE without floating point; arm-unknown-linux-gnueabihf: ARMv6 and VFPv2)
// have levels of their own below it: `armv5te`, `armv6k+vfpv2`.
#include <algorithm>
#include <array>

#include "architectures.hpp"
#include "llvm/TargetParser/ARMTargetParser.h"
#include "llvm_table.hpp"

namespace linkdx::isa {
namespace {

constexpr char triple[] = "armv4-unknown-linux-gnueabi";

constexpr FeatureRow rows[] = {
#define FEATURE(...) {__VA_ARGS__},
#include "arm_features.inc"
#undef FEATURE
};

constexpr const char* baseline_names[] = {"v7", "aclass", "db", "dsp", "perfmon", "vfp3d16"};

/// An architecture as -march knows it, and what it has beyond its version without being asked.
struct Version { std::string_view march, llvm; };
constexpr Version versions[] = {
  {"armv4t", "armv4t"}, {"armv5t", "armv5t"}, {"armv5te", "armv5te"}, {"armv6", "armv6"}, {"armv6k", "armv6k"}, {"armv6kz", "armv6kz"},
  {"armv6t2", "armv6t2"}, {"armv7-a", "armv7-a"}, {"armv7ve", "armv7ve"}, {"armv8-a", "armv8-a"}, {"armv8.1-a", "armv8.1-a"},
  {"armv8.2-a", "armv8.2-a"}, {"armv8.3-a", "armv8.3-a"}, {"armv8.4-a", "armv8.4-a"}, {"armv8.5-a", "armv8.5-a"},
  {"armv8.6-a", "armv8.6-a"}, {"armv8.7-a", "armv8.7-a"}, {"armv8.8-a", "armv8.8-a"}, {"armv8.9-a", "armv8.9-a"},
  {"armv9-a", "armv9-a"}, {"armv9.1-a", "armv9.1-a"}, {"armv9.2-a", "armv9.2-a"}, {"armv9.3-a", "armv9.3-a"},
  {"armv9.4-a", "armv9.4-a"}, {"armv9.5-a", "armv9.5-a"},
  {"armv7-r", "armv7-r"}, {"armv8-r", "armv8-r"},
  {"armv6-m", "armv6-m"}, {"armv7-m", "armv7-m"}, {"armv7e-m", "armv7e-m"}, {"armv8-m.base", "armv8-m.base"},
  {"armv8-m.main", "armv8-m.main"}, {"armv8.1-m.main", "armv8.1-m.main"},
};

/// Floating-point units as -mfpu knows them (GCC manual, ARM options; ARMTargetParser.def, ARM_FPU), smallest first.
struct FpuRow { std::string_view mfpu, features; };
constexpr FpuRow fpus[] = {
  {"vfpv2", "vfp2"}, {"vfpv3xd", "vfp3d16sp"}, {"vfpv3-d16", "vfp3d16"}, {"vfpv3", "vfp3"}, {"vfpv3-d16-fp16", "vfp3d16 fp16"},
  {"vfpv3-fp16", "vfp3 fp16"}, {"neon", "neon"}, {"neon-fp16", "neon fp16"}, {"fpv4-sp-d16", "vfp4d16sp"}, {"vfpv4-d16", "vfp4d16"},
  {"vfpv4", "vfp4"}, {"neon-vfpv4", "neon vfp4"}, {"fpv5-sp-d16", "fp-armv8d16sp"}, {"fpv5-d16", "fp-armv8d16"},
  {"fp-armv8", "fp-armv8"}, {"neon-fp-armv8", "neon fp-armv8"}, {"crypto-neon-fp-armv8", "crypto fp-armv8"},
};

FeatureSet words(std::string_view text) {
  FeatureSet set(Arch::Arm);
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    set.add(word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return with_implied(set);
}

/// What only a floating-point unit brings, so that neither a version nor an extension word has to.
const FeatureSet& of_fpus() {
  static const FeatureSet set = words("fp-armv8 neon fp16");
  return set;
}

/// Levels as LLVM has them take a unit along that compilers add only when asked: ARMv7-A there has VFPv3 with 32 registers.
FeatureSet version_features(const LlvmTable& table, std::string_view llvm_name) {
  FeatureSet features = table.brought_by(llvm_name, Arch::Arm);
  if (llvm_name.starts_with("armv7"))
    features = features.minus(of_fpus());
  return features;
}

}  // namespace

Catalogue arm_features(Arch arch) {
  Catalogue catalogue;
  catalogue.arch = arch;
  for (const FeatureRow& row : rows)
    catalogue.append(row);
  catalogue.number_features();
  imply_as(llvm_table(triple), catalogue);
  catalogue.set_baseline(baseline_names);
  return catalogue;
}

Levels arm_levels(Arch) {
  const LlvmTable table = llvm_table(triple);
  Levels levels;
  auto add = [&](std::string name, FeatureSet features) { levels.architecture.push_back({std::move(name), std::move(features), false}); };
  for (const Version& version : versions) {
    FeatureSet features = version_features(table, version.llvm);
    add(std::string(version.march), features);
    auto with_unit = [&](std::string_view unit, std::string_view its_features) {
      FeatureSet all = features;
      all.add(words(its_features));
      add(std::string(version.march) + "+" + std::string(unit), all);
    };
    if (version.march == "armv6k")
      with_unit("vfpv2", "vfp2");
    if (version.march == "armv7-a" || version.march == "armv7ve") {
      with_unit("vfpv3-d16", "vfp3d16");
      with_unit("neon", "neon");
      with_unit("neon-vfpv4", "neon vfp4");
    }
  }
  for (const LlvmEntry& cpu : table.cpus)
    if (cpu.name != "generic")
      levels.cpus.push_back({cpu.name, table.brought_by(cpu.name, Arch::Arm), true});
  return levels;
}

std::string_view arm_alias(std::string_view name) {
  struct Alias { std::string_view alias, name; };
  static constexpr Alias aliases[] = {
    {"generic", "armv7-a+vfpv3-d16"}, {"armhf", "armv7-a+vfpv3-d16"}, {"armel", "armv5te"}, {"armv7-a+fp", "armv7-a+vfpv3-d16"},
    {"armv7-a+simd", "armv7-a+neon"}, {"armv7ve+simd", "armv7ve+neon-vfpv4"}, {"armv7", "armv7-a"}, {"armv7a", "armv7-a"},
  };
  for (const Alias& row : aliases)
    if (row.alias == name)
      return row.name;
  return "";
}

namespace {

/// Extension words that a tool takes after the architecture, and what they bring there.
std::vector<std::string> extension_words(const FeatureSet& missing, Tool tool) {
  std::vector<std::string> said;
  FeatureSet rest = missing;
  const Catalogue& catalogue = Catalogue::of(Arch::Arm);
  for (std::size_t i = catalogue.features.size(); i-- > 0;) {
    const std::string& word = switch_of(catalogue.features[i], tool);
    if (!Catalogue::test(rest, i) || word.empty())
      continue;
    if (std::find(said.begin(), said.end(), word) == said.end())
      said.insert(said.begin(), word);
    rest = rest.minus(catalogue.features[i].implied);
  }
  return said;
}

/// Whether everything in the set has a word or is a unit's.
bool sayable(const FeatureSet& missing, Tool tool) {
  const Catalogue& catalogue = Catalogue::of(Arch::Arm);
  FeatureSet rest = missing.minus(of_fpus());
  for (const Feature& feature : catalogue.features)
    if (!switch_of(feature, tool).empty() && rest.has(feature.name))
      rest = rest.minus(feature.implied);
  return rest.empty();
}

}  // namespace

std::vector<std::string> arm_arguments(const FeatureSet& features, Tool tool) {
  FeatureSet wanted = features;
  wanted.add(baseline(Arch::Arm));
  wanted = with_implied(wanted);
  const LlvmTable table = llvm_table(triple);
  for (const Version& version : versions) {
    const FeatureSet has = version_features(table, version.llvm);
    const FeatureSet missing = wanted.minus(has);
    if (!sayable(missing, tool))
      continue;
    std::string march = "-march=" + std::string(version.march);
    const std::vector<std::string> extensions = extension_words(missing.minus(of_fpus()), tool);
    for (const std::string& word : extensions)
      march += "+" + word;
    if (version.march.starts_with("armv8") || version.march.starts_with("armv9")) {
      // The words of these bring their unit. GCC has none by default and calls the plain one simd; clang has it anyway.
      if (extensions.empty() && tool == Tool::Gcc)
        march += "+simd";
      return {march};
    }
    const FeatureSet unit = wanted.minus(wanted.minus(of_fpus()));
    for (const FpuRow& row : fpus)
      if (words(row.features).contains(unit))
        return {march, "-mfpu=" + std::string(row.mfpu)};
  }
  return {};
}

MarchMeaning arm_meaning(std::string_view value, Arch arch) {
  if (std::optional<Level> level = find_level(value, arch))
    return {level->features, true};
  const std::size_t plus = value.find('+');
  std::optional<Level> level = find_level(value.substr(0, plus), arch);
  if (!level)
    return {};
  FeatureSet features = level->features;
  const Catalogue& catalogue = Catalogue::of(arch);
  for (std::size_t at = plus; at != std::string_view::npos;) {
    const std::size_t next = value.find('+', at + 1);
    const std::string_view word = value.substr(at + 1, next == std::string_view::npos ? next : next - at - 1);
    for (const FpuRow& row : fpus)
      if (row.mfpu == word)
        features.add(words(row.features));
    for (const Feature& feature : catalogue.features)
      for (Tool tool : {Tool::Gcc, Tool::Clang})
        if (!word.empty() && switch_of(feature, tool) == word)
          features.add(feature.implied);
    at = next;
  }
  return {features, true};
}

}  // namespace linkdx::isa
