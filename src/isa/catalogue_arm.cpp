// 32-bit ARM. What features imply, versions of the architecture and CPUs come from LLVM (llvm_table.hpp), the
// other tools' names from arm_features.inc.
//
// The baseline is what `armhf` means to distributions: ARMv7-A with VFPv3 and 16 double registers, no NEON
// (Debian's ArmPorts; rustc's armv7-unknown-linux-gnueabihf). Older targets (armel: ARMv5TE without floating
// point; arm-unknown-linux-gnueabihf: ARMv6 and VFPv2) have levels of their own below it: `armv5te`,
// `armv6k+vfpv2`.
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

constexpr LevelNames level_names[] = {
#define LEVEL(name, gcc, first_gcc, first_clang) {name, gcc, first_gcc, first_clang},
#include "arm_level_names.inc"
#undef LEVEL
};

/// From which version on -march takes an extension's word (GCC manual, ARM options; ARMTargetParser.def,
/// ARM_ARCH_EXT_NAME).
struct ExtensionRow {
  std::string_view feature, version;
};
constexpr ExtensionRow extension_versions[] = {
    {"crc", "v8"},
    {"aes", "v8"},
    {"sha2", "v8"},
    {"crypto", "v8"},
    {"ras", "v8"},
    {"sb", "v8"},
    {"fullfp16", "v8.2a"},
    {"fp16fml", "v8.2a"},
    {"dotprod", "v8.2a"},
    {"bf16", "v8.2a"},
    {"i8mm", "v8.2a"},
    {"lob", "v8.1m.main"},
    {"mve", "v8.1m.main"},
    {"mve.fp", "v8.1m.main"},
    {"pacbti", "v8.1m.main"},
    {"cdecp0", "v8m.main"},
    {"cdecp1", "v8m.main"},
    {"cdecp2", "v8m.main"},
    {"cdecp3", "v8m.main"},
    {"cdecp4", "v8m.main"},
    {"cdecp5", "v8m.main"},
    {"cdecp6", "v8m.main"},
    {"cdecp7", "v8m.main"},
};

/// An architecture as -march knows it.
struct Version {
  std::string_view march, llvm;
};
constexpr Version versions[] = {
    {"armv4t", "armv4t"},
    {"armv5t", "armv5t"},
    {"armv5te", "armv5te"},
    {"armv6", "armv6"},
    {"armv6k", "armv6k"},
    {"armv6kz", "armv6kz"},
    {"armv6t2", "armv6t2"},
    {"armv7-a", "armv7-a"},
    {"armv7ve", "armv7ve"},
    {"armv8-a", "armv8-a"},
    {"armv8.1-a", "armv8.1-a"},
    {"armv8.2-a", "armv8.2-a"},
    {"armv8.3-a", "armv8.3-a"},
    {"armv8.4-a", "armv8.4-a"},
    {"armv8.5-a", "armv8.5-a"},
    {"armv8.6-a", "armv8.6-a"},
    {"armv8.7-a", "armv8.7-a"},
    {"armv8.8-a", "armv8.8-a"},
    {"armv8.9-a", "armv8.9-a"},
    {"armv9-a", "armv9-a"},
    {"armv9.1-a", "armv9.1-a"},
    {"armv9.2-a", "armv9.2-a"},
    {"armv9.3-a", "armv9.3-a"},
    {"armv9.4-a", "armv9.4-a"},
    {"armv9.5-a", "armv9.5-a"},
    {"armv7-r", "armv7-r"},
    {"armv8-r", "armv8-r"},
    {"armv6-m", "armv6-m"},
    {"armv7-m", "armv7-m"},
    {"armv7e-m", "armv7e-m"},
    {"armv8-m.base", "armv8-m.base"},
    {"armv8-m.main", "armv8-m.main"},
    {"armv8.1-m.main", "armv8.1-m.main"},
};

/// Floating-point units as -mfpu knows them (GCC manual, ARM options; ARMTargetParser.def, ARM_FPU), smallest
/// first.
struct FpuRow {
  std::string_view mfpu, features;
};
constexpr FpuRow fpus[] = {
    {"vfpv2", "vfp2"},
    {"vfpv3xd", "vfp3d16sp"},
    {"vfpv3-d16", "vfp3d16"},
    {"vfpv3", "vfp3"},
    {"vfpv3-d16-fp16", "vfp3d16 fp16"},
    {"vfpv3-fp16", "vfp3 fp16"},
    {"neon", "neon"},
    {"neon-fp16", "neon fp16"},
    {"fpv4-sp-d16", "vfp4d16sp"},
    {"vfpv4-d16", "vfp4d16"},
    {"vfpv4", "vfp4"},
    {"neon-vfpv4", "neon vfp4"},
    {"fpv5-sp-d16", "fp-armv8d16sp"},
    {"fpv5-d16", "fp-armv8d16"},
    {"fp-armv8", "fp-armv8"},
    {"neon-fp-armv8", "neon fp-armv8"},
    {"crypto-neon-fp-armv8", "crypto fp-armv8"},
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

/// Levels as LLVM has them take a unit along that compilers add only when asked: ARMv7-A there has VFPv3 with
/// 32 registers.
FeatureSet version_features(const LlvmTable& table, std::string_view llvm_name) {
  FeatureSet features = table.brought_by(llvm_name, Arch::Arm);
  if (llvm_name.starts_with("armv7")) features = features.minus(of_fpus());
  return features;
}

}  // namespace

Catalogue arm_features(Arch arch) {
  Catalogue catalogue;
  catalogue.arch = arch;
  for (const FeatureRow& row : rows) catalogue.append(row);
  catalogue.number_features();
  imply_as(llvm_table(triple), catalogue);
  constexpr FirstReleases first_releases[] = {{"pacbti", "13", "", ""}};  // 12 refuses it (tried); no 13 was
  catalogue.set_releases(first_releases);
  catalogue.set_baseline(baseline_names);
  return catalogue;
}

Levels arm_levels(Arch) {
  const LlvmTable table = llvm_table(triple);
  Levels levels;
  auto add = [&](std::string name, FeatureSet features) {
    levels.architecture.push_back({std::move(name), std::move(features), false});
  };
  for (const Version& version : versions) {
    FeatureSet features = version_features(table, version.llvm);
    add(std::string(version.march), features);
    auto with_unit = [&](std::string_view unit, std::string_view its_features) {
      FeatureSet all = features;
      all.add(words(its_features));
      add(std::string(version.march) + "+" + std::string(unit), all);
    };
    if (version.march == "armv6k") with_unit("vfpv2", "vfp2");
    if (version.march == "armv7-a" || version.march == "armv7ve") {
      with_unit("vfpv3-d16", "vfp3d16");
      with_unit("neon", "neon");
      with_unit("neon-vfpv4", "neon vfp4");
    }
  }
  for (const LlvmEntry& cpu : table.cpus)
    if (cpu.name != "generic") levels.cpus.push_back({cpu.name, table.brought_by(cpu.name, Arch::Arm), true});
  return levels;
}

std::string_view arm_alias(std::string_view name) {
  struct Alias {
    std::string_view alias, name;
  };
  static constexpr Alias aliases[] = {
      {"generic", "armv7-a+vfpv3-d16"},
      {"armhf", "armv7-a+vfpv3-d16"},
      {"armel", "armv5te"},
      {"armv7-a+fp", "armv7-a+vfpv3-d16"},
      {"armv7-a+simd", "armv7-a+neon"},
      {"armv7ve+simd", "armv7ve+neon-vfpv4"},
      {"armv7", "armv7-a"},
      {"armv7a", "armv7-a"},
  };
  for (const Alias& row : aliases)
    if (row.alias == name) return row.name;
  return "";
}

std::span<const LevelNames> arm_level_names() {
  return level_names;
}

namespace {

/// Whether -march takes the extension's word after a version that has these.
bool takes_extension(const Feature& feature, const FeatureSet& version, Tool tool) {
  if (switch_of(feature, tool).empty()) return false;
  for (const ExtensionRow& row : extension_versions)
    if (row.feature == feature.name) return version.has(row.version);
  return true;
}

/// Extension words that a tool takes after a version, for what is missing in it.
std::vector<std::string> extension_words(const FeatureSet& missing, const FeatureSet& version, Tool tool) {
  std::vector<std::string> said;
  FeatureSet rest = missing;
  const Catalogue& catalogue = Catalogue::of(Arch::Arm);
  for (std::size_t i = catalogue.features.size(); i-- > 0;) {
    const Feature& feature = catalogue.features[i];
    if (!Catalogue::test(rest, i) || !takes_extension(feature, version, tool)) continue;
    const std::string& word = switch_of(feature, tool);
    if (std::find(said.begin(), said.end(), word) == said.end()) said.insert(said.begin(), word);
    rest = rest.minus(feature.implied);
  }
  return said;
}

/// Whether everything in the set has a word there or is a unit's.
bool sayable(const FeatureSet& missing, const FeatureSet& version, Tool tool) {
  const Catalogue& catalogue = Catalogue::of(Arch::Arm);
  FeatureSet rest = missing.minus(of_fpus());
  for (const Feature& feature : catalogue.features)
    if (rest.has(feature.name) && takes_extension(feature, version, tool)) rest = rest.minus(feature.implied);
  return rest.empty();
}

/// What -march turns on: GCC's versions bring less than LLVM's, no AES and SHA-2, CRC only from ARMv8.1 on
/// (tried with GCC 12).
FeatureSet said_by_version(const LlvmTable& table, const Version& version, Tool tool) {
  FeatureSet features = version_features(table, version.llvm);
  if (tool != Tool::Gcc || !features.has("v8")) return features;
  FeatureSet lacking(Arch::Arm);
  for (const char* name : {"aes", "sha2", "crypto", "bf16", "i8mm"}) lacking.add(name);
  if (!features.has("v8.1a")) lacking.add("crc");
  return features.minus(lacking);
}

bool is_known(std::string_view march, Tool tool) {
  const LevelNames* row = find_level_names(march, Arch::Arm);
  return tool != Tool::Gcc || row == nullptr || row->gcc != "-";
}

/// The versions whose unit is said by extension words and not by -mfpu.
bool has_unit_words(std::string_view march) {
  return march.starts_with("armv8") || march.starts_with("armv9");
}
bool is_m_profile(std::string_view march) {
  return march.find("-m") != march.npos;
}

/// GCC has no unit in such a version by default and calls the plain one simd; clang has it anyway.
std::string plain_unit(std::string_view march, Tool tool) {
  return tool == Tool::Gcc && has_unit_words(march) && !is_m_profile(march) ? "+simd" : "";
}

}  // namespace

Flags arm_arguments(const FeatureSet& features, Tool tool) {
  FeatureSet wanted = with_implied(features);
  if (!wanted.has("v8m.main") && !wanted.has("mclass")) {
    wanted.add(baseline(Arch::Arm));
    wanted = with_implied(wanted);
  }
  const LlvmTable table = llvm_table(triple);
  for (const Version& version : versions) {
    const FeatureSet has = said_by_version(table, version, tool);
    const FeatureSet missing = wanted.minus(has);
    if (!is_known(version.march, tool) || !sayable(missing, has, tool)) continue;
    std::string march = "-march=" + std::string(version.march) + plain_unit(version.march, tool);
    for (const std::string& word : extension_words(missing.minus(of_fpus()), has, tool)) march += "+" + word;
    if (has_unit_words(version.march)) return {{march}, {}};
    const FeatureSet unit = wanted.minus(wanted.minus(of_fpus()));
    for (const FpuRow& row : fpus)
      if (words(row.features).contains(unit)) return {{march, "-mfpu=" + std::string(row.mfpu)}, {}};
  }
  return {{}, without_implied(features).names()};
}

/// Of `armv7-a+neon`, clang's -march takes no units, and GCC's not all of them; -mfpu does in both.
std::vector<std::string> arm_level_arguments(std::string_view level, Tool tool) {
  const std::size_t plus = level.find('+');
  std::string march = "-march=" + std::string(level.substr(0, plus)) + plain_unit(level, tool);
  if (plus != level.npos) return {march, "-mfpu=" + std::string(level.substr(plus + 1))};
  const LlvmTable table = llvm_table(triple);
  for (const Version& version : versions)
    if (version.march == level) {
      const FeatureSet said = said_by_version(table, version, tool);
      for (const std::string& word :
           extension_words(version_features(table, version.llvm).minus(said), said, tool))
        march += "+" + word;
    }
  return {march};
}

MarchMeaning arm_meaning(std::string_view value, Arch arch) {
  if (std::optional<Level> level = find_level(value, arch)) return {level->features, true};
  const std::size_t plus = value.find('+');
  std::optional<Level> level = find_level(value.substr(0, plus), arch);
  if (!level) return {};
  FeatureSet features = level->features;
  const Catalogue& catalogue = Catalogue::of(arch);
  for (std::size_t at = plus; at != std::string_view::npos;) {
    const std::size_t next = value.find('+', at + 1);
    const std::string_view word = value.substr(at + 1, next == std::string_view::npos ? next : next - at - 1);
    for (const FpuRow& row : fpus)
      if (row.mfpu == word) features.add(words(row.features));
    for (const Feature& feature : catalogue.features)
      for (Tool tool : {Tool::Gcc, Tool::Clang})
        if (!word.empty() && switch_of(feature, tool) == word) features.add(feature.implied);
    at = next;
  }
  return {features, true};
}

}  // namespace linkdx::isa
