// LLVM's own list of an architecture's features and CPUs, for those architectures whose TargetParser does not
// publish one. It is what `llc -mattr=help` prints (llvm/MC/MCSubtargetInfo.h; made from
// llvm/lib/Target/*/*.td): real features, switches for tuning, architecture versions and profiles, all under
// one roof, each with what it implies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue.hpp"

namespace linkdx::isa {

struct LlvmEntry {
  std::string name;                  ///< without `experimental-`
  bool unfinished = false;           ///< LLVM writes it `experimental-...`
  std::vector<std::string> implied;  ///< directly
};
struct LlvmTable {
  std::vector<LlvmEntry> features, cpus;

  /// A feature, version, profile or CPU and all that it brings, directly or not.
  std::vector<std::string> closure_of(std::string_view name) const;
  /// What a feature, version, profile or CPU brings, itself included, as far as the catalogue has it.
  FeatureSet brought_by(std::string_view name, Arch arch) const;
};

/// Empty where this build of LLVM lacks the target.
LlvmTable llvm_table(const char* triple);

/// Adds what the table says features imply, by way of what is no feature of the catalogue too.
void imply_as(const LlvmTable& table, Catalogue& catalogue);

}  // namespace linkdx::isa
