// The two TOML files of cargo that bear on a link: Cargo.lock and .cargo/config.toml.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linkdx/build.hpp"

namespace linkdx::build {

/// The packages of a Cargo.lock, of any of its formats. A file that is no TOML is a problem and gives
/// nothing.
std::vector<LockedPackage> read_cargo_lock(std::string_view text, const std::string& path,
                                           std::vector<Skipped>& problems);

/// One configuration file. A file that is no TOML is a problem; `path` is all that is then set.
CargoConfig read_cargo_config(std::string_view text, const std::string& path, std::vector<Skipped>& problems);

/// `package.name` and `package.version` of a Cargo.toml; empty where they are not given as text.
LockedPackage read_cargo_manifest(std::string_view text, const std::string& path);

}  // namespace linkdx::build
