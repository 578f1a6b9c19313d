// A file's bytes, mapped read-only.
//
// Only regular files are mapped. A FIFO, a terminal or a device can block for ever or give other bytes
// each time it is read, so those are refused by what stat(2) says, before they are opened.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <llvm/Support/Error.h>

namespace linkdx::artifact {

/// What makes two paths the same file.
struct FileId {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  auto operator<=>(const FileId&) const = default;
};

class Mapping {
 public:
  /// The error is a reason without the path: `is a directory`, `Permission denied`.
  static llvm::Expected<std::unique_ptr<Mapping>> open(const std::string& path);
  ~Mapping();
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  std::string_view bytes() const { return bytes_; }
  FileId id() const { return id_; }

 private:
  Mapping(std::string_view bytes, FileId id) : bytes_(bytes), id_(id) {}
  std::string_view bytes_;
  FileId id_;
};

/// The first bytes of a regular file, at most 8; empty when it cannot be read.
std::string first_bytes(const std::string& path);

llvm::Error reason(const std::string& text);

}  // namespace linkdx::artifact
