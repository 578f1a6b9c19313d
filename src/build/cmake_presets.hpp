// CMakePresets.json and CMakeUserPresets.json. See cmake_presets.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linkdx/build.hpp"

namespace linkdx::build {

/// The cache variables that configure presets set, as settings of type `PRESET`.
std::vector<Setting> read_cmake_presets(std::string_view text, const std::string& path,
                                        std::vector<Skipped>& problems);

/// The presets of a source directory; `options` is empty when it has none.
ConfiguredTree read_presets_of(const std::string& source_directory, std::vector<Skipped>& problems);

}  // namespace linkdx::build
