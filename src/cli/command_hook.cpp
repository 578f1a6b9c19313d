// `linkdx-hook undefined-symbol NAME`, `linkdx-hook missing-lib NAME`: what GNU ld and lld call by
// --error-handling-script.
//
// They call it for each error and wait for it, with nothing but these two words. What else is needed is the
// linker's own: it is the parent process, so its command and directory stand in /proc. The first call leaves
// a collector behind that waits for the linker to end and then makes one report of all that was noted, in a
// file that the calls of one linker share. Only the user can enter its directory, and a process is told from
// a later one of the same number by its start time. Facts: ld's manual
// ("--error-handling-script"), proc(5), pidfd_open(2).
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fmt/format.h>

#include "commands.hpp"
#include "failed_link.hpp"
#include "linkdx/language.hpp"

namespace linkdx::cli {
namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Field 22 of /proc/PID/stat: clock ticks after boot. The name in field 2 may hold blanks and parentheses.
std::string start_time(pid_t process) {
  const std::string stat = contents(fmt::format("/proc/{}/stat", process));
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream fields(stat.substr(name_end + 1));
  std::string field;
  for (int number = 3; number <= 22; ++number)
    if (!(fields >> field)) return {};
  return field;
}

/// The arguments of a process, each ended by a NUL.
std::vector<std::string> command_of(pid_t process) {
  const std::string text = contents(fmt::format("/proc/{}/cmdline", process));
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\0', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

/// A directory that only this user can enter; nothing if there is none.
std::string private_directory() {
  const char* named = std::getenv("TMPDIR");
  const std::string path =
      fmt::format("{}/linkdx-hook-{}", named != nullptr && *named != '\0' ? named : "/tmp", ::getuid());
  struct stat status = {};
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return {};
  const bool ours = ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
                    status.st_uid == ::getuid() && (status.st_mode & 077) == 0;
  return ours ? path : std::string();
}

void wait_for(pid_t process, const std::string& started) {
  const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
  if (descriptor >= 0) {
    pollfd end = {descriptor, POLLIN, 0};
    while (::poll(&end, 1, -1) < 0 && errno == EINTR) {
    }
    ::close(descriptor);
    return;
  }
  while (start_time(process) == started) ::usleep(5000);  // Linux before 5.3
}

/// The names noted, each once, in their order.
void read_notes(const std::string& path, FailedLink& failed) {
  std::istringstream lines(contents(path));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string::npos) continue;
    std::vector<std::string>& names =
        line.compare(0, blank, "missing-lib") == 0 ? failed.libraries : failed.symbols;
    const std::string name = line.substr(blank + 1);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
}

}  // namespace

int hook_command(const std::vector<std::string>& arguments) {
  if (arguments.size() != 2 || (arguments[0] != "undefined-symbol" && arguments[0] != "missing-lib") ||
      arguments[1].empty()) {
    complain(
        say("linkers call this by --error-handling-script=linkdx-hook, with `undefined-symbol NAME` or "
            "`missing-lib NAME`"));
    return Unusable;
  }
  const pid_t linker = ::getppid();
  const std::string started = start_time(linker), directory = private_directory();
  if (started.empty() || directory.empty()) {
    complain(say("no place to note the linker's errors in"));
    return Unusable;
  }
  const std::string notes = fmt::format("{}/{}-{}", directory, linker, started);
  int file = ::open(notes.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool first = file >= 0;
  if (!first) file = ::open(notes.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  const std::string line = arguments[0] + " " + arguments[1] + "\n";
  if (file < 0 || ::write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    complain(notes + ": " + system_fault(errno));
    return Unusable;
  }
  ::close(file);
  if (!first) return NothingWrong;

  FailedLink failed;
  failed.command = command_of(linker);
  std::error_code error;
  failed.directory = std::filesystem::current_path(error).string();
  if (::fork() != 0) return NothingWrong;
  // The collector: no terminal's signals, and of the three files only the one that reports go to.
  ::setsid();
  const int null = ::open("/dev/null", O_RDWR);
  ::dup2(null, STDIN_FILENO);
  ::dup2(null, STDOUT_FILENO);
  wait_for(linker, started);
  read_notes(notes, failed);
  ::unlink(notes.c_str());
  return diagnose_failed_link(failed, false, "");
}

}  // namespace linkdx::cli
