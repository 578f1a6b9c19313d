// Notes of objects that raise the whole program. See notes.cpp.
#pragma once

#include <vector>

#include "scope.hpp"

namespace linkdx::check {

void find_notes(const Scope& scope, unsigned threads, std::vector<Finding>& findings);

}  // namespace linkdx::check
