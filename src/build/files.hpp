// How this room touches the disk: every read is bounded, every listing sorted, and whatever could not be
// read becomes a Skipped that names it and why. A build tree is as untrusted as a log: it may hold loops
// of symbolic links, pipes where files should be, and files without end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/base.hpp"

namespace linkdx::build {

constexpr std::size_t most_file_bytes = std::size_t{64} << 20;

/// The file's text, or nothing and a problem. A larger file is read up to `most`, and that is a problem too.
std::optional<std::string> read_text(const std::string& path, std::vector<Skipped>& problems,
                                     std::size_t most = most_file_bytes);
/// As read_text, but a file that does not exist is no problem.
std::optional<std::string> read_if_there(const std::string& path, std::vector<Skipped>& problems,
                                         std::size_t most = most_file_bytes);

struct Entry {
  std::string name;
  bool directory = false;  ///< itself, or where its link leads
  bool link = false;
};
/// What lies in a directory, sorted by name; nothing and a problem when it cannot be listed.
std::vector<Entry> list(const std::string& directory, std::vector<Skipped>& problems);

bool is_file(const std::string& path);
bool is_directory(const std::string& path);
/// Seconds since 1970 of the last change; 0 when it cannot be told.
std::int64_t changed(const std::string& path);
/// Absolute, without `.`, `..` and a trailing slash. Links are kept: this is the name that the user knows.
std::string absolute(const std::string& path);
/// The same with links followed: two names of one directory give one text.
std::string identity(const std::string& path);
std::string parent(const std::string& path);
std::string base_name(std::string_view path);
std::string join(const std::string& directory, const std::string& name);

/// Lines without their ends (LF or CRLF), with numbers from 1.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool next(std::string_view& line);
  std::uint64_t number() const { return number_; }

 private:
  std::string_view rest_;
  std::uint64_t number_ = 0;
};

}  // namespace linkdx::build
