// What a compiler makes when no flag says a CPU. See defaults.cpp.
#pragma once

#include "linkdx/verify.hpp"

namespace linkdx::verify {

/// What all code for the target may need: the baseline of its architecture and, where baseline_flags() says
/// none, what the compiler makes by default.
llvm::Expected<isa::FeatureSet> base_features(const Compiler& compiler, const Workspace& workspace,
                                              std::chrono::seconds limit);

}  // namespace linkdx::verify
