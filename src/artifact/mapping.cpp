// mmap(2) with the checks that hostile paths need. See mapping.hpp.

#include "mapping.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linkdx/language.hpp"

namespace linkdx::artifact {

namespace {

struct Descriptor {
  int number = -1;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

std::string system_message(int error) {
  return say(std::generic_category().message(error));
}

/// O_NONBLOCK: between stat and open the path may have become a FIFO.
int open_for_reading(const std::string& path) {
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

const char* why_not_regular(const struct stat& status) {
  if (S_ISREG(status.st_mode)) return nullptr;
  if (S_ISDIR(status.st_mode)) return N_("is a directory");
  if (S_ISFIFO(status.st_mode)) return N_("is a FIFO, not a regular file");
  if (S_ISSOCK(status.st_mode)) return N_("is a socket, not a regular file");
  return N_("is a device, not a regular file");
}

}  // namespace

llvm::Error reason(const std::string& text) {
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), "%s", text.c_str());
}

llvm::Expected<std::unique_ptr<Mapping>> Mapping::open(const std::string& path) {
  if (path.find('\0') != std::string::npos) return reason(say("the path contains a NUL byte"));
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return reason(system_message(errno));
  if (const char* why = why_not_regular(status)) return reason(say(why));
  Descriptor file{open_for_reading(path)};
  if (file.number < 0 || ::fstat(file.number, &status) != 0) return reason(system_message(errno));
  if (const char* why = why_not_regular(status)) return reason(say(why));

  const FileId id{status.st_dev, status.st_ino};
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return std::unique_ptr<Mapping>(new Mapping({}, id));
  void* start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
  if (start == MAP_FAILED) return reason(system_message(errno));
  return std::unique_ptr<Mapping>(new Mapping({static_cast<const char*>(start), size}, id));
}

Mapping::~Mapping() {
  if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

std::string first_bytes(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  const Descriptor file{open_for_reading(path)};
  if (file.number < 0) return {};
  char start[8];
  const ssize_t count = ::read(file.number, start, sizeof start);
  return count > 0 ? std::string(start, static_cast<std::size_t>(count)) : std::string();
}

}  // namespace linkdx::artifact
