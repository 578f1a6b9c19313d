// A configuration's name as features and flags. See configuration.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "linkdx/isa.hpp"

namespace linkdx::verify {

struct Meaning {
  isa::FeatureSet features;              ///< implied ones and the baseline included
  std::optional<isa::FeatureSet> named;  ///< when it is a list of features: these
  std::string unknown;                   ///< the word that means nothing; then nothing else is filled in
};
/// A level, a CPU, features joined by commas, or `baseline`.
Meaning meaning_of(const std::string& name, isa::Arch arch);

/// How a tool is told. Features that it has no word for are in `unnamed`.
isa::Flags flags_of(const std::string& name, const Meaning& meaning, isa::Arch arch, isa::Tool tool);

}  // namespace linkdx::verify
