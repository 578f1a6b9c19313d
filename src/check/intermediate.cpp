#include "intermediate.hpp"

namespace linkdx::check {

void find_intermediate(const Scope&, std::vector<Finding>&) {}

}  // namespace linkdx::check
