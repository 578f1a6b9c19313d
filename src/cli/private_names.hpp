// The names of this machine and its user, which --redact takes out. See private_names.cpp.
#pragma once

#include "linkdx/report.hpp"

namespace linkdx::cli {

report::Private private_names();

}  // namespace linkdx::cli
