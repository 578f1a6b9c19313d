// What a cargo build script printed; see script_output.cpp.
#pragma once

#include <string>
#include <string_view>

#include "linkdx/build.hpp"

namespace linkdx::build {

/// Reads the text of an `output` file into settings, compiles and environment of the run.
void read_script_output(std::string_view text, const std::string& path, BuildScriptRun& run);
/// Reads the text of a `stderr` file: its lines, and the failed commands that cc-rs reports there.
void read_script_stderr(std::string_view text, const std::string& path, BuildScriptRun& run);

}  // namespace linkdx::build
