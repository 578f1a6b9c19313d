// A program run in linkdx's place: what stands around it should not notice.
//
// It keeps its arguments, environment, input, directory, process group and open files (make's job server,
// say). What it prints goes on at once, byte for byte, and a copy is kept. Where the output is a terminal the
// program gets a pseudo-terminal of the same size, so that it goes on using colours; where both outputs are
// one file it gets one pipe for both, so that the order stays. The end of the program counts, not that of its
// output, which a child that it left behind may hold open. Signals: a terminal sends its own to the whole
// process group, so the program gets them anyway; those that are sent to linkdx alone are handed on. Facts:
// POSIX.1-2017 posix_spawn, ppoll(2), pty(7).
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <fmt/format.h>

#include "linkdx/language.hpp"
#include "linkdx/verify.hpp"

extern char** environ;

namespace linkdx::verify {
namespace {

constexpr std::size_t most_kept = 64 << 20;

/// The process that is run, and a signal that came before there was one; signal handlers know nothing else.
volatile pid_t running = 0;
volatile std::sig_atomic_t early = 0;

void hand_on(int number) {
  const pid_t process = running;
  const int before = errno;
  if (process > 0)
    ::kill(process, number);
  else
    early = number;
  errno = before;
}
void nothing(int) {}

/// While one exists: the end of a child interrupts ppoll() and nothing else, and no signal ends linkdx before
/// the program.
class Signals {
 public:
  Signals() {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &child, &before_);
    set(SIGCHLD, nothing);
    for (const int each : {SIGINT, SIGQUIT}) set(each, nothing);
    for (const int each : {SIGTERM, SIGHUP, SIGUSR1, SIGUSR2}) set(each, hand_on);
    // Who reads the output may go away; the program is told by its own SIGPIPE, as it would be without
    // linkdx.
    set(SIGPIPE, nothing);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals() {
    for (std::size_t i = 0; i < count_; ++i) ::sigaction(saved_[i].number, &saved_[i].action, nullptr);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  /// The mask that was, with which the program starts and ppoll() waits.
  const sigset_t& before() const { return before_; }
  /// Those that have a handler now and did before nothing special: exec() would make them so anyway, but
  /// posix_spawn's child must not run a handler in between.
  sigset_t handled() const {
    sigset_t all;
    sigemptyset(&all);
    for (std::size_t i = 0; i < count_; ++i)
      if (saved_[i].action.sa_handler != SIG_IGN) sigaddset(&all, saved_[i].number);
    return all;
  }

 private:
  void set(int number, void (*handler)(int)) {
    struct sigaction action = {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    struct sigaction previous = {};
    ::sigaction(number, nullptr, &previous);
    if (previous.sa_handler == SIG_IGN && number != SIGCHLD) return;  // nohup
    ::sigaction(number, &action, nullptr);
    saved_[count_++] = {number, previous};
  }

  struct Saved {
    int number = 0;
    struct sigaction action = {};
  };
  Saved saved_[8];
  std::size_t count_ = 0;
  sigset_t before_{};
};

/// Where one or both outputs of the program come from.
struct Source {
  int from = -1;      ///< linkdx's end
  int to = -1;        ///< the program's end
  int forward = -1;   ///< where what comes goes on to
  bool open = false;  ///< more may come
};

bool same_file(int a, int b) {
  struct stat first = {}, second = {};
  return ::fstat(a, &first) == 0 && ::fstat(b, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

/// A pseudo-terminal like the one that `output` is.
std::optional<Source> terminal_like(int output) {
  const int from = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (from < 0) return std::nullopt;
  char name[128];
  int to = -1;
  if (::grantpt(from) == 0 && ::unlockpt(from) == 0 && ::ptsname_r(from, name, sizeof name) == 0)
    to = ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (to < 0) {
    ::close(from);
    return std::nullopt;
  }
  winsize size = {};
  if (::ioctl(output, TIOCGWINSZ, &size) == 0) ::ioctl(to, TIOCSWINSZ, &size);
  termios mode = {};
  if (::tcgetattr(to, &mode) == 0) {
    mode.c_oflag &= ~static_cast<tcflag_t>(OPOST);  // the real terminal will turn \n into \r\n
    ::tcsetattr(to, TCSANOW, &mode);
  }
  return Source{from, to, output, true};
}

std::optional<Source> source_for(int output) {
  if (::isatty(output) == 1)
    if (std::optional<Source> terminal = terminal_like(output)) return terminal;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  return Source{ends[0], ends[1], output, true};
}

void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {
      pollfd ready = {file, POLLOUT, 0};
      ::poll(&ready, 1, -1);
      continue;
    }
    if (written <= 0) return;  // nobody reads it any more
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// Hands on what is there.
void pass_on(Source& source, PassedThrough& result) {
  char buffer[65536];
  for (;;) {
    const ssize_t count = ::read(source.from, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {  // a pseudo-terminal whose other side is closed fails with EIO
      source.open = false;
      return;
    }
    const std::string_view text(buffer, static_cast<std::size_t>(count));
    write_all(source.forward, text);
    const std::size_t room = most_kept - result.output.size();
    result.output.append(text.substr(0, room));
    result.truncated |= text.size() > room;
  }
}

/// 0 or an errno.
int spawn(const std::vector<std::string>& arguments, const Signals& signals, int output, int error,
          pid_t& process) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO);
  const sigset_t defaults = signals.handled();
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigmask(&attributes, &signals.before());
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const int result = ::posix_spawnp(&process, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return result;
}

}  // namespace

llvm::Expected<PassedThrough> run_passing_through(const std::vector<std::string>& arguments, bool copy) {
  auto error = [](const std::string& text) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str());
  };
  if (arguments.empty()) return error(say("no program to run"));
  std::vector<Source> sources;
  for (const int output : {STDOUT_FILENO, STDERR_FILENO}) {
    if (!copy || (!sources.empty() && same_file(STDOUT_FILENO, STDERR_FILENO))) break;
    std::optional<Source> source = source_for(output);
    if (!source) return error(say("no pipe: {}", system_fault(errno)));
    ::fcntl(source->from, F_SETFL, O_NONBLOCK);
    sources.push_back(*source);
  }

  const Signals signals;
  pid_t process = 0;
  const int failed = copy ? spawn(arguments, signals, sources.front().to, sources.back().to, process)
                          : spawn(arguments, signals, STDOUT_FILENO, STDERR_FILENO, process);
  for (const Source& source : sources) ::close(source.to);
  PassedThrough result;
  if (failed != 0) {
    for (const Source& source : sources) ::close(source.from);
    return error(say("{} cannot be run: {}", arguments.front(), system_fault(failed)));
  }
  running = process;
  if (early != 0) ::kill(process, early);
  int status = 0;
  bool ended = false;
  while (!ended) {
    pollfd waiting[2];
    nfds_t count = 0;
    for (const Source& source : sources)
      if (source.open) waiting[count++] = {source.from, POLLIN, 0};
    if (count == 0) {
      while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
      }
      break;
    }
    ::ppoll(waiting, count, nullptr, &signals.before());
    ended = ::waitpid(process, &status, WNOHANG) == process;
    for (Source& source : sources)
      if (source.open) pass_on(source, result);
  }
  running = 0;
  early = 0;
  for (const Source& source : sources) ::close(source.from);
  if (WIFEXITED(status)) result.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  return result;
}

}  // namespace linkdx::verify
