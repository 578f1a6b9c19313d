// Tarballs, written. See tar.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linkdx::cli {

struct PackedFile {
  std::string path, bytes;
};
/// The same files give the same bytes: no times, no owners.
std::string tarball(const std::vector<PackedFile>& files);
/// As `gzip -n` would; nothing when there is no memory.
std::optional<std::string> gzipped(std::string_view bytes);

}  // namespace linkdx::cli
