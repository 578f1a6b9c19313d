// A file is replaced whole: written beside its place under another name, then renamed over it. rename(2) is
// atomic, so whoever reads the file sees the old text or the new, and a full disk costs the new text only. An
// interrupt waits for the few calls that this takes, as else it could leave the other name behind. What is no
// regular file (/dev/stdout, a pipe) is written to as it is.
#include "output.hpp"
#include "linkdx/language.hpp"

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace linkdx::cli {
namespace {

class InterruptsWait {
 public:
  InterruptsWait() {
    sigset_t interrupts;
    sigemptyset(&interrupts);
    for (const int each : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) sigaddset(&interrupts, each);
    pthread_sigmask(SIG_BLOCK, &interrupts, &before_);
  }
  InterruptsWait(const InterruptsWait&) = delete;
  InterruptsWait& operator=(const InterruptsWait&) = delete;
  ~InterruptsWait() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

/// Closes the file; 0 or the error.
int write_and_close(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error = errno;
      ::close(file);
      return error;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::close(file) == 0 ? 0 : errno;
}

std::optional<std::string> reason(int error) {
  if (error == 0) return std::nullopt;
  return system_fault(error);
}

/// Permissions of a new file: what the process allows.
mode_t new_file_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

std::optional<std::string> replace_file(const std::string& path, std::string_view text) {
  struct stat status{};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && !S_ISREG(status.st_mode)) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    return reason(file < 0 ? errno : write_and_close(file, text));
  }
  // A link stays a link: what it leads to is replaced.
  std::string place = path;
  char resolved[PATH_MAX];
  if (exists && ::realpath(path.c_str(), resolved) != nullptr) place = resolved;
  if (exists && ::access(place.c_str(), W_OK) != 0) return reason(errno);

  const InterruptsWait waits;
  std::string beside = place + ".XXXXXX";
  const int file = ::mkostemp(beside.data(), O_CLOEXEC);
  if (file < 0) return reason(errno);
  if (::fchmod(file, exists ? status.st_mode & 07777 : new_file_mode()) !=
      0) { /* a file system without permissions */
  }
  int error = write_and_close(file, text);
  if (error == 0 && ::rename(beside.c_str(), place.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(beside.c_str());
  return reason(error);
}

}  // namespace linkdx::cli
