// z/Architecture (s390x). A level is an edition of the Principles of Operation (arch8 to arch14), each
// brought by one generation of machines (z10 to z16). The baseline is arch8, which compilers assume when
// nothing is said.
#include "llvm_features.hpp"

namespace linkdx::isa {
namespace {

constexpr FeatureRow rows[] = {
#define FEATURE(...) {__VA_ARGS__},
#include "systemz_features.inc"
#undef FEATURE
};
constexpr const char* triple = "s390x-unknown-linux-gnu";
constexpr std::string_view architecture[] = {"arch8",  "arch9",  "arch10", "arch11",
                                             "arch12", "arch13", "arch14"};
constexpr std::string_view neither[] = {"generic"};

}  // namespace

Catalogue systemz_features(Arch arch) {
  return llvm_features(arch, triple, rows, {});
}
Levels systemz_levels(Arch arch) {
  return llvm_levels(arch, triple, architecture, neither);
}

}  // namespace linkdx::isa
