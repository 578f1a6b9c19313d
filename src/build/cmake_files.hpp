// The files of a CMake binary directory; one reader each. See the .cpp files of the same names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linkdx/build.hpp"

namespace linkdx::build {

/// CMakeCache.txt (cmake_cache.cpp)
std::vector<Setting> read_cmake_cache(std::string_view text, const std::string& path);
/// CMakeFiles/CMakeError.log and CMakeOutput.log, up to CMake 3.25 (cmake_logs.cpp)
std::vector<Check> read_cmake_log(std::string_view text, const std::string& path);
/// CMakeFiles/CMakeConfigureLog.yaml, since CMake 3.26 (cmake_configure_log.cpp)
std::vector<Check> read_cmake_configure_log(std::string_view text, const std::string& path,
                                            std::vector<Skipped>& problems);
/// CMakeFiles/TARGET.dir/build.make with the flags.make beside it (cmake_generators.cpp)
std::vector<Compile> read_build_make(std::string_view build_make, std::string_view flags_make,
                                     const std::string& path);
/// CMakeFiles/TARGET.dir/link.txt
std::vector<Compile> read_link_txt(std::string_view text, const std::string& path);
/// build.ninja with CMakeFiles/rules.ninja
std::vector<Compile> read_build_ninja(std::string_view build_ninja, std::string_view rules_ninja,
                                      const std::string& path);

/// The words of a tool that ended a check: its first error, else nothing.
std::string first_error(std::string_view output);

/// The whole tree (cmake_tree.cpp).
CMakeTree read_cmake_tree(const std::string& directory, std::vector<Skipped>& problems);

}  // namespace linkdx::build
