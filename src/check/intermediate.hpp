// Objects that are compiled at the link. See intermediate.cpp.
#pragma once

#include <vector>

#include "scope.hpp"

namespace linkdx::check {

void find_intermediate(const Scope& scope, std::vector<Finding>& findings);

}  // namespace linkdx::check
