// Running other people's programs.
//
// A compiler may be a wrapper that hangs, that starts children of its own, or that prints without end. So
// each program gets a process group of its own, which is killed as a whole when the time is up; its output is
// bounded; it has no input and no shell. Ctrl-C reaches linkdx alone (the group is not the terminal's), which
// ends the program and unwinds, so that temporary files are removed on the way. Facts: POSIX.1-2017
// posix_spawn, sigaction, waitpid.
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "linkdx/language.hpp"
#include "linkdx/verify.hpp"

extern char** environ;

namespace linkdx::verify {
namespace {

constexpr std::size_t most_output = 1 << 20;
constexpr int caught_signals[] = {SIGINT, SIGTERM, SIGHUP};

volatile std::sig_atomic_t interrupted = 0;
struct sigaction previous_actions[std::size(caught_signals)];

void on_signal(int number) {
  interrupted = number;
}

llvm::Error error(const std::string& text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str());
}

/// The environment with messages in English.
std::vector<std::string> english_environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    if (!text.starts_with("LC_ALL=") && !text.starts_with("LANGUAGE=")) variables.emplace_back(text);
  }
  variables.emplace_back("LC_ALL=C");
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// Starts the program with both outputs in the pipe. Returns 0 or an errno.
int spawn(const std::vector<std::string>& arguments, const std::string& directory, int output,
          pid_t& process) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  if (!directory.empty()) posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  for (int number : caught_signals) sigaddset(&defaults, number);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);

  std::vector<std::string> words = arguments, variables = english_environment();
  std::vector<char*> argv = pointers(words), environment = pointers(variables);
  const int result = posix_spawnp(&process, argv[0], &actions, &attributes, argv.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return result;
}

/// Takes what is in the pipe. False at its end.
bool drain(int pipe, Run& run) {
  char buffer[16384];
  for (;;) {
    const ssize_t count = ::read(pipe, buffer, sizeof buffer);
    if (count == 0) return false;
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    const std::size_t room = most_output - run.output.size();
    run.output.append(buffer, std::min(room, static_cast<std::size_t>(count)));
    run.truncated |= static_cast<std::size_t>(count) > room;
  }
}

}  // namespace

Interruptible::Interruptible() {
  interrupted = 0;
  struct sigaction action = {};
  action.sa_handler = on_signal;  // without SA_RESTART: poll() comes back at once
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < std::size(caught_signals); ++i)
    ::sigaction(caught_signals[i], &action, &previous_actions[i]);
}
Interruptible::~Interruptible() {
  for (std::size_t i = 0; i < std::size(caught_signals); ++i)
    ::sigaction(caught_signals[i], &previous_actions[i], nullptr);
  interrupted = 0;
}
int Interruptible::signal() {
  return interrupted;
}

llvm::Expected<Run> run(const std::vector<std::string>& arguments, std::chrono::seconds limit,
                        const std::string& directory) {
  if (arguments.empty()) return error(say("no program to run"));
  if (interrupted != 0) return error(say("interrupted"));
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) return error(say("no pipe: {}", system_fault(errno)));
  ::fcntl(pipe[0], F_SETFL, O_NONBLOCK);
  pid_t process = 0;
  const int failed = spawn(arguments, directory, pipe[1], process);
  ::close(pipe[1]);
  if (failed != 0) {
    ::close(pipe[0]);
    return error(say("{} cannot be run: {}", arguments.front(), system_fault(failed)));
  }

  Run result;
  const auto deadline = std::chrono::steady_clock::now() + limit;
  bool open = true;
  int status = 0;
  for (;;) {
    // The child's end, not the pipe's, is what counts: a grandchild may hold the pipe open for ever.
    const pid_t ended = ::waitpid(process, &status, WNOHANG);
    if (ended == process) break;
    result.timed_out = std::chrono::steady_clock::now() >= deadline;
    if (result.timed_out || interrupted != 0) {
      ::kill(-process, SIGKILL);
      while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
      }
      break;
    }
    pollfd poll_on = {pipe[0], POLLIN, 0};
    ::poll(&poll_on, open ? 1 : 0, open && result.output.empty() ? 5 : 20);
    if (open) open = drain(pipe[0], result);
  }
  if (open) drain(pipe[0], result);
  ::kill(-process, SIGKILL);  // what it may have left running
  ::close(pipe[0]);
  if (interrupted != 0) return error(say("interrupted"));
  if (!result.timed_out && WIFEXITED(status)) result.exit_status = WEXITSTATUS(status);
  if (!result.timed_out && WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  return result;
}

std::string describe(const Run& run, std::chrono::seconds limit) {
  if (run.timed_out) return say("timed out after {} s", limit.count());
  if (run.signal != 0) return say("killed by signal {} ({})", run.signal, ::strsignal(run.signal));
  return say("exit status {}", run.exit_status);
}

}  // namespace linkdx::verify
