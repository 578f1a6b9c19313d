// GCC: gcc/config/i386/i386-features.cc, ix86_mangle_function_version_assembler_name (the attribute string
// sorted, joined with `_`, `=` and `-` turned to `_`); target_clones adds a number. clang:
// clang/lib/CodeGen/Targets/X86.cpp, X86ABIInfo:: appendAttributeMangling and CodeGenModule's
// AppendTargetClonesMangling (kept as written, with a number). AArch64: ACLE, section "Name mangling" of
// function multi-versioning: `._M` and each feature, joined with `M`. Vector names: the libmvec Vector
// Function ABI for x86-64 and the Arm Vector Function ABI, `_ZGV <isa> <mask> <lanes> <parameters> _ <name>`.
// Letters for CPUs (`sum.V`): ICC's, which clang's cpu_specific follows (clang/lib/CodeGen/CodeGenModule.cpp,
// AppendCPUSpecificCPUDispatchMangling), from LLVM's processor table.
#include "name_standards.hpp"

#include <algorithm>
#include <vector>

#include "catalogue.hpp"
#include "llvm/ADT/SmallVector.h"
#include "llvm/TargetParser/AArch64TargetParser.h"
#include "llvm/TargetParser/X86TargetParser.h"

namespace linkdx::isa {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

Arch x86_of(Arch arch) {
  return is_x86(arch) ? arch : Arch::X86_64;
}
bool may_be_x86(Arch arch) {
  return arch == Arch::Unknown || is_x86(arch);
}
bool may_be_aarch64(Arch arch) {
  return arch == Arch::Unknown || arch == Arch::AArch64;
}

std::optional<StandardName> vector_abi(std::string_view symbol, Arch arch) {
  struct Row {
    char letter;
    bool x86;
    std::string_view features;
  };
  static constexpr Row rows[] = {
      {'b', true, "sse2"},  {'c', true, "avx"},
      {'d', true, "avx2"},  {'e', true, "avx512f"},  // libmvec
      {'x', true, "sse2"},  {'y', true, "avx"},
      {'Y', true, "avx2"},  {'Z', true, "avx512f"},  // Intel's vector ABI
      {'n', false, "neon"}, {'s', false, "sve"},     // Arm's
  };
  if (!symbol.starts_with("_ZGV") || symbol.size() < 8 || (symbol[5] != 'N' && symbol[5] != 'M'))
    return std::nullopt;
  const Row* row =
      std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) { return r.letter == symbol[4]; });
  if (row == std::end(rows) || (row->x86 ? !may_be_x86(arch) : !may_be_aarch64(arch))) return std::nullopt;
  std::size_t i = 6;
  if (symbol[i] == 'x') ++i;  // as many lanes as the vector has
  while (i < symbol.size() && is_digit(symbol[i])) ++i;
  std::size_t name = symbol.find('_', i);
  if (i == 6 || name == i || name == std::string_view::npos || name + 1 == symbol.size()) return std::nullopt;
  static constexpr std::string_view parameter_letters = "vulsnaRLU";
  for (char c : symbol.substr(i, name - i))
    if (!is_digit(c) && parameter_letters.find(c) == std::string_view::npos) return std::nullopt;
  StandardName result{FeatureSet(row->x86 ? x86_of(arch) : Arch::AArch64), std::string(symbol.substr(0, 5)),
                      symbol.substr(name + 1)};
  result.features.add(row->features);
  return result;
}

/// `__svml_sin8`, `__svml_sinf16_mask`: Intel's vector library. The number says how many lanes, of doubles
/// or, behind an `f`, of floats (llvm/include/llvm/Analysis/VecFuncs.def).
std::optional<StandardName> svml(std::string_view symbol, Arch arch) {
  constexpr std::string_view prefix = "__svml_";
  if (!symbol.starts_with(prefix) || !may_be_x86(arch)) return std::nullopt;
  const std::string_view name = symbol.substr(0, symbol.find('_', prefix.size()));
  // `atan28` has eight lanes.
  const unsigned lanes = name.ends_with("16") ? 16 : is_digit(name.back()) ? name.back() - '0' : 0;
  const std::string_view base =
      name.substr(prefix.size(), name.size() - prefix.size() - (lanes == 16 ? 2 : 1));
  const unsigned bits = lanes * (base.ends_with('f') ? 32 : 64);
  const std::string_view feature = bits == 512 ? "avx512f" : bits == 256 ? "avx" : bits == 128 ? "sse2" : "";
  if (feature.empty() || base.empty()) return std::nullopt;
  StandardName result{FeatureSet(x86_of(arch)), std::string(name), base};
  result.features.add(feature);
  return result;
}

/// `._Msve2`, `._MdotprodMfp16`: the features' names in function multi-versioning.
std::optional<StandardName> acle(std::string_view symbol, Arch arch) {
  std::size_t dot = symbol.rfind("._M");
  if (dot == std::string_view::npos || dot == 0 || !may_be_aarch64(arch)) return std::nullopt;
  StandardName result{FeatureSet(Arch::AArch64), std::string(symbol.substr(dot + 1)), symbol.substr(0, dot)};
  std::string_view rest = symbol.substr(dot + 2);
  while (!rest.empty()) {
    std::size_t next = rest.find('M', 1);
    std::string_view word = rest.substr(1, next == std::string_view::npos ? next : next - 1);
    std::optional<llvm::AArch64::FMVInfo> version = llvm::AArch64::parseFMVExtension(word);
    if (!version) return std::nullopt;
    for (llvm::StringRef feature : version->getImpliedFeatures())
      if (feature.consume_front("+")) result.features.add(std::string_view(feature));
    rest = next == std::string_view::npos ? std::string_view() : rest.substr(next);
  }
  return result;
}

bool add_x86_word(FeatureSet& features, std::string_view word) {
  const Catalogue& catalogue = Catalogue::of(features.arch());
  for (Tool tool : {Tool::Gcc, Tool::Clang})
    if (const Feature* feature = catalogue.find_for(tool, word)) return features.add(feature->name);
  return false;
}

/// `avx2`, `avx2_fma`, `arch_haswell`, `arch_x86-64-v3`, each perhaps with the number that target_clones
/// adds.
std::optional<StandardName> x86_version(std::string_view symbol, Arch arch) {
  std::size_t dot = symbol.find('.', 1);
  if (dot == std::string_view::npos || !may_be_x86(arch)) return std::nullopt;
  std::string_view suffix = symbol.substr(dot + 1);
  StandardName result{FeatureSet(x86_of(arch)), std::string(suffix), symbol.substr(0, dot)};
  if (std::size_t number = suffix.rfind('.');
      number != std::string_view::npos && number + 1 < suffix.size() &&
      std::all_of(suffix.begin() + number + 1, suffix.end(), is_digit) && suffix.substr(0, number) != "sse4")
    suffix = suffix.substr(0, number);
  if (suffix == "default" || suffix == "resolver" || suffix == "ifunc") return result;
  for (std::string_view prefix : {"arch_", "tune_"})
    if (suffix.starts_with(prefix)) {
      std::string name(suffix.substr(prefix.size()));
      std::optional<Level> level = find_level(name, result.features.arch());
      if (!level)  // GCC wrote `-` as `_`, and CPU names have either
        std::replace(name.begin(), name.end(), '_', '-'), level = find_level(name, result.features.arch());
      if (!level) return std::nullopt;
      if (prefix == "arch_") result.features.add(level->features);
      return result;
    }
  // Attribute lists: words joined with `_`; a word may itself hold one (`avx512_vnni` is not GCC's,
  // `amx_tile` is).
  std::vector<std::string> words;
  std::string word;
  for (std::size_t i = 0; i <= suffix.size(); ++i) {
    bool end = i == suffix.size();
    if (!end && suffix[i] != '_' && suffix[i] != ',') {
      word += suffix[i];
      continue;
    }
    if (add_x86_word(result.features, word)) {
      word.clear();
    } else if (end) {
      return std::nullopt;
    } else {
      word += '-';  // amx-tile
    }
  }
  if (result.features.empty()) return std::nullopt;
  return result;
}

/// The CPUs of cpu_specific and cpu_dispatch. LLVM knows their letters and features and gives no list of
/// them; these are the names in its table (X86TargetParser.cpp, Processors). One that LLVM drops falls out by
/// itself.
constexpr std::string_view dispatch_cpus[] = {
    "generic",
    "pentium",
    "pentium_pro",
    "pentium_mmx",
    "pentium_ii",
    "pentium_iii",
    "pentium_iii_no_xmm_regs",
    "pentium_4",
    "pentium_m",
    "pentium_4_sse3",
    "core_2_duo_ssse3",
    "core_2_duo_sse4_1",
    "atom",
    "atom_sse4_2",
    "core_i7_sse4_2",
    "core_aes_pclmulqdq",
    "atom_sse4_2_movbe",
    "goldmont",
    "sandybridge",
    "core_2nd_gen_avx",
    "ivybridge",
    "core_3rd_gen_avx",
    "haswell",
    "core_4th_gen_avx",
    "core_4th_gen_avx_tsx",
    "broadwell",
    "core_5th_gen_avx",
    "core_5th_gen_avx_tsx",
    "knl",
    "mic_avx512",
    "skylake",
    "skylake_avx512",
    "cannonlake",
    "knm",
    "cascadelake",
    "cooperlake",
    "icelake_client",
    "icelake_server",
    "tigerlake",
    "rocketlake",
    "sapphirerapids",
    "alderlake",
    "raptorlake",
    "meteorlake",
    "graniterapids",
    "sierraforest",
    "grandridge",
};

/// A dot and a CPU's letter. Go writes `package.f`, so a small letter counts only behind a mangled C++ name.
std::optional<StandardName> cpu_letter(std::string_view symbol, Arch arch) {
  if (symbol.size() < 3 || symbol[symbol.size() - 2] != '.' || !may_be_x86(arch)) return std::nullopt;
  const char letter = symbol.back();
  const std::string_view base = symbol.substr(0, symbol.size() - 2);
  const bool capital = letter >= 'A' && letter <= 'Z', small = letter >= 'a' && letter <= 'z';
  if (base.find_first_of("./") != std::string_view::npos || !(capital || (small && base.starts_with("_Z"))))
    return std::nullopt;
  std::optional<StandardName> result;
  for (std::string_view cpu : dispatch_cpus) {
    const llvm::StringRef name(cpu.data(), cpu.size());
    if (!llvm::X86::validateCPUSpecificCPUDispatch(name) || llvm::X86::getCPUDispatchMangling(name) != letter)
      continue;
    llvm::SmallVector<llvm::StringRef, 64> words;
    if (cpu != "generic") llvm::X86::getFeaturesForCPU(name, words);
    FeatureSet features(x86_of(arch));
    for (llvm::StringRef word : words) features.add(std::string_view(word));
    // CPUs that share a letter: the code runs on each of them.
    if (!result || result->features.contains(features))
      result = StandardName{features, std::string(symbol.substr(base.size())), base};
  }
  return result;
}

}  // namespace

std::optional<StandardName> standard_name(std::string_view symbol, Arch arch) {
  if (std::optional<StandardName> name = vector_abi(symbol, arch)) return name;
  if (std::optional<StandardName> name = svml(symbol, arch)) return name;
  if (std::optional<StandardName> name = acle(symbol, arch)) return name;
  if (std::optional<StandardName> name = cpu_letter(symbol, arch)) return name;
  return x86_version(symbol, arch);
}

}  // namespace linkdx::isa
