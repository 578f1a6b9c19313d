// From what a compiler did not take to the releases that do: the first that know an intrinsic, a vector type
// or an option, and those that dropped an option again.
#pragma once

#include <string>
#include <string_view>

#include "linkdx/diagnose.hpp"

namespace linkdx::diagnose {

/// The first releases of GCC and clang that know the intrinsic or type, as far as that is written down.
OtherRelease release_of_name(const std::string& name);
/// The same of an option for CPU features, a level or a CPU. `arch` Unknown: any that has it.
OtherRelease release_of_flag(std::string flag, isa::Arch arch);
/// Compilers got the intrinsic later than the CPU feature that it is for.
bool came_late(std::string_view name);

/// An option that is gone from newer releases.
struct DroppedFlag {
  std::string_view name, gcc, clang, source;  ///< the first releases without it; clang empty: it never had it
};
/// Null if the message is not about one.
const DroppedFlag* dropped_flag(const log::ToolMessage& message);

}  // namespace linkdx::diagnose
