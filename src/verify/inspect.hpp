// Looking at what a compiler made. See inspect.cpp.
#pragma once

#include <string>
#include <vector>

#include <llvm/Support/Error.h>

#include "linkdx/verify.hpp"

namespace linkdx::verify {

/// What an object must be: it defines `symbol`, refers to nothing, and each function keeps to the features of
/// its variant.
struct Expected {
  std::string member;  ///< in the archive
  std::string symbol;  ///< as C writes it
  std::vector<const Variant*>
      variants;  ///< in the object, under their function names or inlined into `symbol`
};
struct Inspection {
  std::vector<std::string> right;  ///< sentences: what was looked at
  std::vector<std::string> not_looked_at;
};
/// `base`: what all code may need. An error names the first thing that is not as it must be.
llvm::Expected<Inspection> inspect_archive(const std::string& path, const std::vector<Expected>& expected,
                                           const std::string& target, const isa::FeatureSet& base);

/// One object: it defines the function, for the right machine.
llvm::Error check_definition(const std::string& path, const std::string& function, const std::string& target);
/// What the instructions of an object need.
struct Contents {
  isa::FeatureSet features;
  std::string unread;  ///< what was no instruction that linkdx knows; empty if there was nothing
};
/// An error unless they need all of `wanted`, and nothing above `allowed`.
llvm::Expected<Contents> check_instructions(const std::string& path, const isa::FeatureSet& wanted,
                                            const isa::FeatureSet& allowed);
/// What an object says it was made for, where its format says so: on ARM, MIPS and RISC-V.
llvm::Expected<isa::FeatureSet> declared_features(const std::string& path);

/// The features of a variant, with what they imply, above the baseline of the architecture.
isa::FeatureSet features_of(const Variant& variant, isa::Arch arch);
/// LLVM's names joined by commas.
std::string joined(const isa::FeatureSet& features);

}  // namespace linkdx::verify
