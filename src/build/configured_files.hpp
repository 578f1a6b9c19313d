// What autoconf and meson write while they configure; one reader each. See the .cpp files of the same names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linkdx/build.hpp"

namespace linkdx::build {

/// config.log (autoconf_log.cpp). False when the text is none.
bool read_config_log(std::string_view text, const std::string& path, ConfiguredTree& tree);
/// meson-logs/meson-log.txt (meson_log.cpp)
void read_meson_log(std::string_view text, const std::string& path, ConfiguredTree& tree);
/// meson-info/intro-buildoptions.json
void read_meson_options(std::string_view text, const std::string& path, ConfiguredTree& tree,
                        std::vector<Skipped>& problems);

/// The trees themselves (configured_tree.cpp); nothing when the directory is none.
std::vector<ConfiguredTree> read_configured_trees(const std::string& directory,
                                                  std::vector<Skipped>& problems);
/// Whether autoconf or meson left something there.
bool is_configured(const std::string& directory);

}  // namespace linkdx::build
