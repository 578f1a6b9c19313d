// What bazel reads and leaves behind; one reader each. See bazel_files.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/build.hpp"

namespace linkdx::build {

/// .bazelrc: the options of each command (and configuration), as settings of type `BAZELRC`.
std::vector<Setting> read_bazelrc(std::string_view text, const std::string& path);
/// NAME-2.params: the arguments of a link, one a line; nothing when it is no link.
std::optional<Compile> read_link_params(std::string_view text, const std::string& path);
/// command.log: the commands that bazel printed, `build -s` or of failed actions.
void read_bazel_log(std::string_view text, const std::string& path, ConfiguredTree& tree);

/// Whether the directory is the top of a bazel workspace.
bool is_bazel_workspace(const std::string& directory);
ConfiguredTree read_bazel_tree(const std::string& directory, std::vector<Skipped>& problems);

}  // namespace linkdx::build
