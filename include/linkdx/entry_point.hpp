// artifact/: where a program begins. Beside artifact.hpp, because only scan/ needs it.
#pragma once

#include <cstdint>
#include <optional>

#include "linkdx/artifact.hpp"

namespace linkdx::artifact {

/// The address at which the kernel or the dynamic loader starts a program. Nothing for what is no ELF
/// program, or has no such place.
std::optional<std::uint64_t> entry_point_of(const Object& object);

}  // namespace linkdx::artifact
