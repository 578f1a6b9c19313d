// Which symbols of an object have to be its own, so that no other object gets its copies. See pinning.cpp.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "linkdx/artifact.hpp"

namespace linkdx::check {

/// `functions` and what leads to them, as symbol tables have them: first the functions in their order, then
/// the rest by name.
std::vector<std::string> symbols_to_pin(const artifact::Object& object,
                                        const std::vector<std::string>& functions);

}  // namespace linkdx::check
