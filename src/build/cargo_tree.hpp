// Cargo's directories: how to recognise one, and how to read one; see cargo_tree.cpp.
#pragma once

#include <string>
#include <vector>

#include "linkdx/build.hpp"

namespace linkdx::build {

/// True for `PACKAGE-0123456789abcdef`, the names that cargo gives below `build` and `.fingerprint`.
bool is_hashed_name(std::string_view name);
/// True when the directory is one of a profile: `target/debug`, `target/TRIPLE/release`.
bool is_profile_directory(const std::string& directory);
/// The target directory that a profile directory belongs to: its parent, or that one's parent.
std::string target_directory_of(const std::string& profile);

/// Everything in one target directory and its workspace; either may be empty.
CargoTree read_cargo_tree(const std::string& target_directory, const std::string& workspace,
                          std::vector<Skipped>& problems);

}  // namespace linkdx::build
