// What each input needs. See needs.cpp.
#pragma once

#include <vector>

#include "code.hpp"

namespace linkdx::check {

std::vector<Need> needs_of(const Scope& scope, const Code& code);

}  // namespace linkdx::check
