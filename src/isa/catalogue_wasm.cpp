// WebAssembly. Its features are the proposals that came after the first version (mvp), which is the baseline;
// the levels are the three that LLVM has names for. `generic` is what clang and rustc assume.
#include "llvm_features.hpp"

namespace linkdx::isa {
namespace {

constexpr FeatureRow rows[] = {
#define FEATURE(...) {__VA_ARGS__},
#include "wasm_features.inc"
#undef FEATURE
};
constexpr const char* triple = "wasm32-unknown-unknown";
constexpr std::string_view architecture[] = {"mvp", "generic", "bleeding-edge"};

}  // namespace

Catalogue wasm_features(Arch arch) {
  Catalogue catalogue = llvm_features(arch, triple, rows, {});
  catalogue.imply("relaxed-simd", "simd128");  // LLVM 19 does not say so; its instructions work on v128
  return catalogue;
}

Levels wasm_levels(Arch arch) {
  return llvm_levels(arch, triple, architecture, {});
}

}  // namespace linkdx::isa
