// What `linkdx bundle` packs, read back as a path. See bundle_reader.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <llvm/Support/Error.h>

#include "linkdx/verify.hpp"

namespace linkdx::cli {

/// The first file of a bundle, by which it is known.
inline constexpr const char* bundle_manifest = "linkdx-bundle.json";
/// Below it stand the packed files under their absolute paths.
inline constexpr const char* bundle_files = "files";

struct OpenedBundle {
  verify::Workspace place;         ///< holds the files as long as it lives
  std::string directory;           ///< stands for the one that linkdx was called in
  std::vector<std::string> words;  ///< logs and paths as they were given
  std::string target;
  std::vector<std::string> faults;
};

bool is_bundle(const std::string& path);
llvm::Expected<OpenedBundle> open_bundle(const std::string& path);

}  // namespace linkdx::cli
