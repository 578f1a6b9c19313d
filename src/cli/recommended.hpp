// The configurations that a diagnosis speaks of. See recommended.cpp.
#pragma once

#include <string>
#include <vector>

#include "linkdx/diagnose.hpp"

namespace linkdx::cli {

struct Recommended {
  std::string target;                       ///< of the failed link; empty when nothing shows it
  std::vector<std::string> configurations;  ///< as `verify --config` takes them
};
Recommended recommended_by(const diagnose::Investigation& investigation);

}  // namespace linkdx::cli
