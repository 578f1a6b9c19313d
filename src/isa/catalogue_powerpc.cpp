// PowerPC, 32 and 64 bits. The levels are the processors that compilers are told with -mcpu: POWER4 to
// POWER10 on 64 bits, the generations of Apple's and embedded machines on 32.
//
// The baseline is what the triple means to compilers: POWER8 for 64 bits, because powerpc64le begins there
// (ELFv2 ABI; Debian's ppc64el); big-endian systems may run on less, which `--baseline pwr4` says. On 32 bits
// a processor with floating point (Debian's powerpc).
#include "llvm_features.hpp"

namespace linkdx::isa {
namespace {

constexpr FeatureRow rows[] = {
#define FEATURE(...) {__VA_ARGS__},
#include "powerpc_features.inc"
#undef FEATURE
};

constexpr const char* baseline_32[] = {"fpu"};
/// POWER8 but for transactions, which POWER10 no longer has.
constexpr const char* baseline_64[] = {
    "64bit",
    "fpu",
    "fsqrt",
    "fres",
    "frsqrte",
    "stfiwx",
    "mfocrf",
    "popcntb",
    "fre",
    "frsqrtes",
    "fprnd",
    "cmpb",
    "fcpsgn",
    "lfiwax",
    "hard-dfp",
    "isel",
    "popcntd",
    "bpermd",
    "extdiv",
    "ldbrx",
    "fpcvt",
    "isa-v206-instructions",
    "icbt",
    "isa-v207-instructions",
    "partword-atomics",
    "quadword-atomics",
    "power8-vector",
    "direct-move",
    "crypto",
};

constexpr std::string_view architecture_32[] = {"ppc", "750", "7400", "970"};
constexpr std::string_view architecture_64[] = {"ppc64", "pwr4", "pwr5", "pwr5x", "pwr6",
                                                "pwr7",  "pwr8", "pwr9", "pwr10"};
/// `g3`, `g4` and so on are second names; `generic` and `ppc32` are `ppc`, `ppc64le` is `pwr8`.
constexpr std::string_view neither[] = {"generic", "ppc", "ppc32", "ppc64", "ppc64le",
                                        "future",  "g3",  "g4",    "g4+",   "g5"};

constexpr LevelNames names[] = {
    // name, GCC's, first GCC, first clang: GCC 14 manual; LLVM release notes
    {"ppc", "powerpc", "", ""},   {"ppc64", "powerpc64", "", ""},   {"pwr4", "power4", "", ""},
    {"pwr5", "power5", "", ""},   {"pwr5x", "power5+", "", ""},     {"pwr6", "power6", "", ""},
    {"pwr6x", "power6x", "", ""}, {"pwr7", "power7", "", ""},       {"pwr8", "power8", "", ""},
    {"pwr9", "power9", "", ""},   {"pwr10", "power10", "10", "11"}, {"pwr11", "power11", "15", "20"},
    {"pwr3", "power3", "", ""},   {"e500", "8540", "", ""},         {"440", "440", "", ""},
    {"450", "-", "", ""},         {"603ev", "-", "", ""},           {"620", "620", "", ""},
};

struct Alias {
  std::string_view alias, name;
};
constexpr Alias aliases[] = {
    {"g3", "750"},        {"g4", "7400"},          {"g4+", "7450"},        {"g5", "970"},
    {"ppc64le", "pwr8"},  {"powerpc64le", "pwr8"}, {"powerpc64", "ppc64"}, {"powerpc", "ppc"},
    {"power3", "pwr3"},   {"power4", "pwr4"},      {"power5", "pwr5"},     {"power5+", "pwr5x"},
    {"power5x", "pwr5x"}, {"power6", "pwr6"},      {"power6x", "pwr6x"},   {"power7", "pwr7"},
    {"power8", "pwr8"},   {"power9", "pwr9"},      {"power10", "pwr10"},   {"power11", "pwr11"},
};

constexpr const char* not_on_32[] = {"quadword-atomics", "prefix-instrs", "pcrelative-memops",
                                     "paired-vector-memops", "mma"};

const char* triple_of(Arch arch) {
  return arch == Arch::PowerPC ? "powerpc-unknown-linux-gnu" : "powerpc64-unknown-linux-gnu";
}

/// Where LLVM's list differs from the processors, as GCC has them (gcc/config/rs6000/rs6000-cpus.def): it
/// gives AltiVec to POWER3, 4 and 5 and transactions to POWER10, and has no feature for two things that came
/// with POWER5 and POWER6.
void correct(Level& level) {
  const FeatureSet& features = level.features;
  FeatureSet wrong(features.arch());
  if (features.has("64bit") && features.has("altivec") && !features.has("cmpb") && level.name != "970" &&
      level.name != "ppc64")
    wrong.add("altivec");
  if (features.has("mma")) wrong.add("htm");
  level.features = features.minus(wrong);
  if (level.features.has("fprnd") || level.name == "pwr5") level.features.add("popcntb");
  if (level.features.has("cmpb") && level.name != "a2") level.features.add("hard-dfp");
  if (level.name == "ppc" || level.name == "ppc64") level.features.add("fpu");
}

}  // namespace

Catalogue powerpc_features(Arch arch) {
  std::span<const char* const> baseline = baseline_64;
  if (arch == Arch::PowerPC) baseline = baseline_32;
  Catalogue catalogue = llvm_features(arch, triple_of(arch), rows, baseline);
  if (arch == Arch::PowerPC) catalogue.clear_switches(not_on_32);
  return catalogue;
}

Levels powerpc_levels(Arch arch) {
  std::span<const std::string_view> architecture = architecture_64;
  if (arch == Arch::PowerPC) architecture = architecture_32;
  Levels levels = llvm_levels(arch, triple_of(arch), architecture, neither);
  for (std::vector<Level>* list : {&levels.architecture, &levels.cpus})
    for (Level& level : *list) correct(level);
  if (arch == Arch::PowerPC64)  // compilers refuse the others there
    std::erase_if(levels.cpus, [](const Level& cpu) { return !cpu.features.has("64bit"); });
  return levels;
}

std::string_view powerpc_alias(std::string_view name) {
  for (const Alias& row : aliases)
    if (row.alias == name) return row.name;
  return {};
}

std::span<const LevelNames> powerpc_level_names() {
  return names;
}

}  // namespace linkdx::isa
