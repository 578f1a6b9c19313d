// Whether it will link. See linking.cpp.
#pragma once

#include <vector>

#include "scope.hpp"

namespace linkdx::check {

void find_link_faults(const Request& request, const Scope& scope, std::vector<Finding>& findings);

}  // namespace linkdx::check
