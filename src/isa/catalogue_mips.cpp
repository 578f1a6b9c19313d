// MIPS, 32 and 64 bits. The ISA levels are features too, because LLVM has them so: an instruction of MIPS32
// Release 2 needs `mips32r2`. Release 6 took instructions away and reused their encodings, so it is no
// superset of Release 5, though LLVM says it implies it.
//
// The baseline is that of Debian's ports: mips32r2 (mipsel) and mips64r2 (mips64el).
#include "architectures.hpp"
#include "llvm_features.hpp"

namespace linkdx::isa {
namespace {

constexpr FeatureRow rows[] = {
#define FEATURE(...) {__VA_ARGS__},
#include "mips_features.inc"
#undef FEATURE
};
constexpr LevelNames names[] = {{"mips5", "-", "", ""}};  // GCC 12 refuses it (tried)
constexpr const char* baseline_32[] = {"mips32r2"};
constexpr const char* baseline_64[] = {"mips64r2"};
constexpr std::string_view architecture_32[] = {"mips1",    "mips2",    "mips32",  "mips32r2",
                                                "mips32r3", "mips32r5", "mips32r6"};
constexpr std::string_view architecture_64[] = {"mips3",    "mips4",    "mips5",    "mips64",
                                                "mips64r2", "mips64r3", "mips64r5", "mips64r6"};
/// Levels of the other width, which are no CPUs.
constexpr std::string_view neither_32[] = {"generic",  "mips3",    "mips4",    "mips5",   "mips64",
                                           "mips64r2", "mips64r3", "mips64r5", "mips64r6"};
constexpr std::string_view neither_64[] = {"generic",  "mips1",    "mips2",    "mips32", "mips32r2",
                                           "mips32r3", "mips32r5", "mips32r6", "p5600"};

constexpr const char* not_on_64[] = {"mips32r3", "mips32r5", "mips32r6"};

const char* triple_of(Arch arch) {
  return arch == Arch::Mips ? "mips-unknown-linux-gnu" : "mips64-unknown-linux-gnuabi64";
}

}  // namespace

Catalogue mips_features(Arch arch) {
  std::span<const char* const> baseline = baseline_64;
  if (arch == Arch::Mips) baseline = baseline_32;
  Catalogue catalogue = llvm_features(arch, triple_of(arch), rows, baseline);
  if (arch == Arch::Mips64) catalogue.clear_switches(not_on_64);
  return catalogue;
}

std::span<const LevelNames> mips_level_names() {
  return names;
}

Levels mips_levels(Arch arch) {
  if (arch == Arch::Mips) return llvm_levels(arch, triple_of(arch), architecture_32, neither_32);
  return llvm_levels(arch, triple_of(arch), architecture_64, neither_64);
}

}  // namespace linkdx::isa
