// Bounded reading of a build tree; see files.hpp.
#include "files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "linkdx/language.hpp"

namespace linkdx::build {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_entries = 200'000;  // of one directory

std::string reason(int error) {
  return system_fault(error);
}

std::optional<std::string> read(const std::string& path, std::vector<Skipped>& problems, std::size_t most,
                                bool may_lack) {
  // A pipe opened without O_NONBLOCK would wait for its writer for ever.
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    if (!may_lack || (errno != ENOENT && errno != ENOTDIR))
      problems.push_back({path, say("cannot be opened: {}", reason(errno))});
    return std::nullopt;
  }
  struct stat status{};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(file);
    problems.push_back({path, say("is not a regular file")});
    return std::nullopt;
  }
  std::string text;
  char buffer[1 << 16];
  int error = 0;
  while (text.size() <= most) {
    ssize_t got = ::read(file, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) error = errno;
    if (got <= 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(file);
  if (error != 0) {
    problems.push_back({path, say("cannot be read: {}", reason(error))});
    return std::nullopt;
  }
  if (text.size() > most) {
    text.resize(most);
    problems.push_back({path, say("is larger than {} bytes; the rest was not read", most)});
  }
  return text;
}

}  // namespace

std::optional<std::string> read_text(const std::string& path, std::vector<Skipped>& problems,
                                     std::size_t most) {
  return read(path, problems, most, false);
}

std::optional<std::string> read_if_there(const std::string& path, std::vector<Skipped>& problems,
                                         std::size_t most) {
  return read(path, problems, most, true);
}

std::vector<Entry> list(const std::string& directory, std::vector<Skipped>& problems) {
  std::vector<Entry> entries;
  std::error_code error;
  fs::directory_iterator it(directory, error), end;
  while (!error && it != end) {
    if (entries.size() == most_entries) {
      problems.push_back(
          {directory, say("has more than {} entries; the rest was not looked at", most_entries)});
      break;
    }
    std::error_code ignored;
    Entry entry;
    entry.name = it->path().filename().string();
    entry.link = it->is_symlink(ignored);
    entry.directory = it->is_directory(ignored);
    entries.push_back(std::move(entry));
    it.increment(error);
  }
  if (error) problems.push_back({directory, say("cannot be listed: {}", system_fault(error.value()))});
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return entries;
}

bool is_file(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

bool is_directory(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

std::int64_t changed(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::int64_t>(status.st_mtime) : 0;
}

std::string absolute(const std::string& path) {
  std::error_code error;
  fs::path full = fs::absolute(path, error);
  if (error) full = path;
  std::string text = full.lexically_normal().string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

std::string identity(const std::string& path) {
  std::error_code error;
  fs::path full = fs::canonical(path, error);
  return error ? absolute(path) : full.string();
}

std::string parent(const std::string& path) {
  std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return "";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string base_name(std::string_view path) {
  std::size_t slash = path.find_last_of('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string join(const std::string& directory, const std::string& name) {
  if (directory.empty()) return name;
  return directory.back() == '/' ? directory + name : directory + "/" + name;
}

bool Lines::next(std::string_view& line) {
  if (rest_.empty()) return false;
  std::size_t end = rest_.find('\n');
  line = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  ++number_;
  return true;
}

}  // namespace linkdx::build
