// Running programs: what comes back, and that nothing outlives the call.
#include <doctest/doctest.h>

#include <csignal>
#include <thread>

#include <unistd.h>

#include "verify_directory.hpp"

using namespace linkdx::verify;
using std::chrono::seconds;

TEST_CASE("process: output of both streams, and the exit status") {
  const Run run =
      llvm::cantFail(linkdx::verify::run({"sh", "-c", "echo out; echo err >&2; exit 3"}, seconds(10)));
  CHECK(run.output == "out\nerr\n");
  CHECK(run.exit_status == 3);
  CHECK_FALSE(run.succeeded());
  CHECK(describe(run, seconds(10)) == "exit status 3");
}

TEST_CASE("process: arguments are no shell text, input is empty, messages are English") {
  CHECK(llvm::cantFail(run({"echo", "$HOME; `id`"}, seconds(10))).output == "$HOME; `id`\n");
  CHECK(llvm::cantFail(run({"cat"}, seconds(10))).output.empty());
  CHECK(llvm::cantFail(run({"sh", "-c", "echo $LC_ALL"}, seconds(10))).output == "C\n");
}

TEST_CASE("process: a program that does not exist is an error that names it") {
  CHECK(llvm::toString(run({"/nowhere/cc"}, seconds(10)).takeError()) ==
        "/nowhere/cc cannot be run: No such file or directory");
}

TEST_CASE("process: one that hangs is killed with its children when the time is up") {
  const TestDirectory directory;
  const std::string script = directory.script("hang", "sleep 300 & echo $!; wait\n");
  const Run run = llvm::cantFail(linkdx::verify::run({script}, seconds(1)));
  CHECK(run.timed_out);
  CHECK(describe(run, seconds(1)) == "timed out after 1 s");
  const pid_t child = static_cast<pid_t>(std::stol(run.output));
  bool gone = false;
  for (int i = 0; i < 100 && !gone; ++i) {
    gone = ::kill(child, 0) != 0;
    if (!gone) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(gone);
}

TEST_CASE("process: a child left behind neither delays the answer nor lives on") {
  const auto start = std::chrono::steady_clock::now();
  const Run run = llvm::cantFail(linkdx::verify::run({"sh", "-c", "sleep 300 & echo done"}, seconds(60)));
  CHECK(run.output == "done\n");
  CHECK(std::chrono::steady_clock::now() - start < seconds(30));
}

TEST_CASE("process: output without end is cut, and read on so that the program can end") {
  const Run run = llvm::cantFail(linkdx::verify::run({"sh", "-c", "head -c 3000000 /dev/zero"}, seconds(60)));
  CHECK(run.succeeded());
  CHECK(run.truncated);
  CHECK(run.output.size() == 1 << 20);
}

TEST_CASE("process: death by a signal is told") {
  const Run run = llvm::cantFail(linkdx::verify::run({"sh", "-c", "kill -ILL $$"}, seconds(10)));
  CHECK(describe(run, seconds(10)) == "killed by signal 4 (Illegal instruction)");
}

TEST_CASE("process: an interrupt ends the program and makes run() an error") {
  const Interruptible interruptible;
  std::thread sender([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    ::kill(::getpid(), SIGINT);
  });
  auto result = run({"sleep", "300"}, seconds(100));
  sender.join();
  CHECK(llvm::toString(result.takeError()) == "interrupted");
  CHECK(Interruptible::signal() == SIGINT);
}

TEST_CASE("workspace: private, and gone with its contents") {
  std::string path;
  {
    const TestDirectory directory;
    path = directory.workspace.path();
    directory.script("file", "");
    CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::all) ==
          std::filesystem::perms::owner_all);
  }
  CHECK_FALSE(std::filesystem::exists(path));
}
