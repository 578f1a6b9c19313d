// LoongArch, 64 bits. The baseline is LLVM's and GCC's `loongarch64`, which has
// floating point of both widths; distributions for desktops ask for LSX on top.
#include "llvm_features.hpp"

namespace linkdx::isa {
namespace {

constexpr FeatureRow rows[] = {
#define FEATURE(...) {__VA_ARGS__},
#include "loongarch_features.inc"
#undef FEATURE
};
constexpr const char* triple = "loongarch64-unknown-linux-gnu";
constexpr const char* baseline_names[] = {"64bit", "f", "d"};
constexpr std::string_view architecture[] = {"loongarch64"};
constexpr std::string_view neither[] = {"generic", "generic-la32", "generic-la64"};

}  // namespace

Catalogue loongarch_features(Arch arch) {
  return llvm_features(arch, triple, rows, baseline_names);
}

Levels loongarch_levels(Arch arch) {
  Levels levels = llvm_levels(arch, triple, architecture, neither);
  // LLVM 19 does not say of the LA664 what it has beside frecipe; GCC 14's manual does (-march=la664: LA
  // v1.1).
  for (Level& cpu : levels.cpus)
    if (cpu.name == "la664")
      for (const char* name : {"lam-bh", "lamcas", "llacq-screl", "scq"}) cpu.features.add(name);
  return levels;
}

}  // namespace linkdx::isa
