// What objects ask their linker to add: `/DEFAULTLIB:libcmt` in .drectve, `-lz` and `-framework F` in
// LC_LINKER_OPTION.
#pragma once

#include <string_view>
#include <vector>

#include "linkdx/link.hpp"

namespace linkdx::link {

/// The inputs that one directive names, without those that the plan excludes.
std::vector<Input> inputs_of_directive(std::string_view directive, const Plan& plan);

}  // namespace linkdx::link
