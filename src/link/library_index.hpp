// The hashes of the names that libraries define, kept from one run to the next.
//
// A line of fields and a row of numbers for each file, found again by its path and believed only while inode,
// size and time of change are the same. The file ends with a checksum: one that was cut short or changed is
// as good as none.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace linkdx::link {

/// What tells that a file is still the one that was read.
struct FileStamp {
  std::uint64_t inode = 0, size = 0, changed = 0;  ///< changed: nanoseconds
  bool operator==(const FileStamp&) const = default;
};

struct IndexedLibrary {
  FileStamp stamp;
  std::vector<std::uint32_t> names;  ///< hashes, sorted
};

std::uint32_t name_hash(std::string_view name);

class LibraryIndex {
 public:
  /// Empty when the file is not there or cannot be believed.
  static LibraryIndex load(const std::string& path);
  /// Replaces the file whole, so that a reader sees the old one or the new one. Its directory is made. False
  /// when that failed.
  bool save(const std::string& path) const;

  const IndexedLibrary* find(const std::string& path, const FileStamp& stamp) const;
  void put(const std::string& path, IndexedLibrary library);
  bool changed() const { return changed_; }

 private:
  std::map<std::string, IndexedLibrary> libraries_;
  bool changed_ = false;
};

}  // namespace linkdx::link
