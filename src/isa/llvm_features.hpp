// Features and CPUs of the architectures for which LLVM has no TargetParser table: its MC layer knows them by
// name (MCSubtargetInfo, generated from llvm/lib/Target/*/*.td). There tuning stands among the features, so
// an architecture's own table says which names are features; all others are left out.
#pragma once

#include <span>
#include <string_view>

#include "architectures.hpp"

namespace linkdx::isa {

/// A catalogue of the rows, in their order, with what LLVM says each implies.
Catalogue llvm_features(Arch arch, const char* triple, std::span<const FeatureRow> rows,
                        std::span<const char* const> baseline);

/// LLVM's CPUs as levels and CPUs: those in `architecture` are levels, in that order; those in `neither` are
/// names for no CPU (`generic`, `future`) and are left out.
Levels llvm_levels(Arch arch, const char* triple, std::span<const std::string_view> architecture,
                   std::span<const std::string_view> neither);

/// What LLVM's back end turns on with a feature of its own (`v8.4a` brings `lse2`), those features that the
/// catalogue has. One set for each name, in their order.
std::vector<FeatureSet> llvm_implied(Arch arch, const char* triple, std::span<const std::string_view> names);

}  // namespace linkdx::isa
