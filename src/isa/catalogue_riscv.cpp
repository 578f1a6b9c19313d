// RISC-V. Features are extensions by their names in an architecture string (`rv64gc_zba_zbb`: the ISA manual,
// "ISA Extension Naming Conventions"); what they imply, profiles and CPUs come from LLVM (llvm_table.hpp),
// the other tools' names from riscv_features.inc.
//
// The baseline is rv64gc (rv32gc), what Linux distributions and the targets of GCC, clang and rustc for Linux
// are built for. Levels are the baseline, the same with vectors, and the profiles for user code (the RISC-V
// Profiles specification: RVA20U64 to RVA23U64).
#include <algorithm>
#include <array>

#include "architectures.hpp"
#include "llvm/Support/RISCVISAUtils.h"
#include "llvm/TargetParser/RISCVISAInfo.h"
#include "llvm_table.hpp"

namespace linkdx::isa {
namespace {

constexpr FeatureRow rows[] = {
#define FEATURE(...) {__VA_ARGS__},
#include "riscv_features.inc"
#undef FEATURE
};

constexpr Implication not_in_llvm[] = {
#define IMPLIES(feature, implied) {feature, implied},
#include "riscv_not_in_llvm.inc"
#undef IMPLIES
};

constexpr FirstReleases first_releases[] = {
#define FIRST(feature, gcc, clang, rustc) {feature, gcc, clang, rustc},
#include "riscv_first_releases.inc"
#undef FIRST
};

constexpr LevelNames level_names[] = {
#define LEVEL(name, gcc, first_gcc, first_clang) {name, gcc, first_gcc, first_clang},
#include "riscv_level_names.inc"
#undef LEVEL
};

/// The counters were part of the base when Linux was ported, and Linux takes them to be there (cpufeature.c).
constexpr const char* baseline_names[] = {"m", "a", "f", "d", "c", "zicsr", "zifencei", "zicntr", "zihpm"};
constexpr std::string_view profiles[] = {"rva20u64", "rva22u64", "rva23u64"};

const char* triple_of(Arch arch) {
  return arch == Arch::RiscV32 ? "riscv32-unknown-linux-gnu" : "riscv64-unknown-linux-gnu";
}
std::string base_of(Arch arch) {
  return arch == Arch::RiscV32 ? "rv32" : "rv64";
}

bool is_for(const LlvmEntry& cpu, Arch arch) {
  const std::string_view width = arch == Arch::RiscV32 ? "32bit" : "64bit";
  return std::find(cpu.implied.begin(), cpu.implied.end(), width) != cpu.implied.end();
}

}  // namespace

Catalogue riscv_features(Arch arch) {
  Catalogue catalogue;
  catalogue.arch = arch;
  for (const FeatureRow& row : rows) catalogue.append(row);
  catalogue.number_features();
  imply_as(llvm_table(triple_of(arch)), catalogue);
  for (const Implication& row : not_in_llvm) catalogue.imply(row.feature, row.implied);
  catalogue.set_releases(first_releases);
  catalogue.set_baseline(baseline_names);
  return catalogue;
}

Levels riscv_levels(Arch arch) {
  const LlvmTable table = llvm_table(triple_of(arch));
  Levels levels;
  // The profiles leave zifencei out (user code need not have it); Linux distributions take rv64gc with it for
  // granted.
  const auto on_linux = [&](std::string_view profile) {
    FeatureSet features = table.brought_by(profile, arch);
    features.add(baseline(arch));
    return Level{std::string(profile), features, false};
  };
  FeatureSet with_vectors = baseline(arch);
  with_vectors.add("v");
  levels.architecture.push_back({base_of(arch) + "gc", baseline(arch), false});
  if (arch == Arch::RiscV64) levels.architecture.push_back(on_linux(profiles[0]));
  levels.architecture.push_back({base_of(arch) + "gcv", with_implied(with_vectors), false});
  if (arch == Arch::RiscV64)
    for (std::string_view profile : {profiles[1], profiles[2]})
      levels.architecture.push_back(on_linux(profile));
  for (const LlvmEntry& cpu : table.cpus)
    if (is_for(cpu, arch) && !cpu.name.starts_with("generic"))
      levels.cpus.push_back({cpu.name, table.brought_by(cpu.name, arch), true});
  return levels;
}

std::string_view riscv_alias(std::string_view name) {
  return name == "generic" || name == "generic-rv64" ? "rv64gc" : "";
}

std::span<const LevelNames> riscv_level_names() {
  return level_names;
}

namespace {

/// What an architecture string begins with. Each of the later ones leaves something of rv64gc out for
/// extensions that exclude it: Zcmp and Zcmt take encodings of the compressed loads of D, Zfinx the place of
/// F.
struct StringBase {
  std::string_view letters, words;
};
constexpr StringBase string_bases[] = {
    {"gc", ""}, {"g", "zca"}, {"imafc", "zicsr zifencei"}, {"imac", "zicsr zifencei"}};

/// Clang takes no extension of the vectors without one that has vectors at all.
std::string_view vectors_for(const FeatureSet& features) {
  for (const char* name : {"v", "zve64d", "zve64f", "zve64x", "zve32f"})
    if (features.has(name)) return name;
  return "zve32x";
}

/// In the order of the ISA manual, which GCC before 14 insists on.
std::string architecture_string(Arch arch, const StringBase& base, const std::vector<std::string>& names) {
  std::vector<std::string> letters, words;
  for (const std::string& name : names) (name.size() == 1 ? letters : words).push_back(name);
  for (std::string_view rest = base.words; !rest.empty();) {
    words.emplace_back(rest.substr(0, rest.find(' ')));
    rest.remove_prefix(std::min(rest.size(), words.back().size() + 1));
  }
  for (std::vector<std::string>* list : {&letters, &words})
    std::sort(list->begin(), list->end(), llvm::RISCVISAUtils::compareExtension);
  std::string text = base_of(arch) + std::string(base.letters);
  for (const std::string& letter : letters) text += letter;
  for (const std::string& word : words) text += "_" + word;
  return text;
}

/// Whether it contradicts itself, by LLVM's rules.
bool is_valid(const std::string& architecture) {
  auto parsed = llvm::RISCVISAInfo::parseArchString(architecture, /*EnableExperimentalExtension=*/true,
                                                    /*ExperimentalExtensionVersionCheck=*/false);
  if (parsed) return true;
  llvm::consumeError(parsed.takeError());
  return false;
}

}  // namespace

Flags riscv_arguments(const FeatureSet& features, Tool tool) {
  const Arch arch = features.arch();
  const Catalogue& catalogue = Catalogue::of(arch);
  const std::vector<std::string> said = without_implied(features).names();
  Flags flags;
  std::vector<std::string> named;
  bool of_vectors = false, vectors = false;
  for (const std::string& name : said) {
    if (switch_of(*catalogue.find(name), tool).empty()) {
      flags.unnamed.push_back(name);
      continue;
    }
    named.push_back(name);
    of_vectors |= name.starts_with("zv");
    vectors |= name == "v" || name.starts_with("zve");
  }
  if (of_vectors && !vectors) named.emplace_back(vectors_for(with_implied(features)));
  if (named.empty()) return flags;
  for (const StringBase& base : string_bases)
    if (const std::string text = architecture_string(arch, base, named); is_valid(text)) {
      flags.arguments = {"-march=" + text};
      return flags;
    }
  flags.unnamed = said;
  return flags;
}

MarchMeaning riscv_meaning(std::string_view value, Arch arch) {
  MarchMeaning meaning;
  if (std::optional<Level> level = find_level(value, arch)) return {level->features, true};
  auto parsed =
      llvm::RISCVISAInfo::parseArchString(llvm::StringRef(value), /*EnableExperimentalExtension=*/true,
                                          /*ExperimentalExtensionVersionCheck=*/false);
  if (!parsed) {
    llvm::consumeError(parsed.takeError());
    return meaning;
  }
  meaning.known = true;
  meaning.features = FeatureSet(arch);
  for (const auto& [name, version] : (*parsed)->getExtensions()) meaning.features.add(name);
  meaning.features = with_implied(meaning.features);
  return meaning;
}

}  // namespace linkdx::isa
