// What `--version` says. See version.cpp.
#pragma once

#include <string>

namespace linkdx::cli {

/// `linkdx 0.1.0`, and below it the versions of what its answers rest on.
std::string version_text();

}  // namespace linkdx::cli
