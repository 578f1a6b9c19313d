// Names that a written standard gives to variants of one function. They outrank words, because the compiler
// wrote them and they mean what the standard says.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "linkdx/isa.hpp"

namespace linkdx::isa {

struct StandardName {
  FeatureSet features;
  std::string token;      ///< the part that says it
  std::string_view base;  ///< the name without it
};

/// Function multi-versioning of GCC (`f.avx2`, `f.arch_haswell`), of clang (`f.arch_x86-64-v3.2`) and of the
/// Arm C Language Extensions
/// (`f._Msve2`), and the vector function ABIs (`_ZGVdN4v_cos`). `default` and `resolver` give an empty set of
/// features.
std::optional<StandardName> standard_name(std::string_view symbol, Arch arch);

}  // namespace linkdx::isa
