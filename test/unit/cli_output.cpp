// -o FILE: whole or not at all, whenever it is interrupted.

#include <csignal>
#include <cstdlib>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "artifact_inputs.hpp"
#include "output.hpp"

using linkdx::cli::replace_file;
using linkdx::test::read_file;
using linkdx::test::Scratch;
namespace fs = std::filesystem;

namespace {

std::size_t files_in(const std::string& directory) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a new file, and one replaced: permissions stay") {
  Scratch scratch;
  CHECK_FALSE(replace_file(scratch.path("report"), "one\n"));
  CHECK(read_file(scratch.path("report")) == "one\n");
  CHECK(chmod(scratch.path("report").c_str(), 0640) == 0);
  CHECK_FALSE(replace_file(scratch.path("report"), "two\n"));
  CHECK(read_file(scratch.path("report")) == "two\n");
  CHECK(fs::status(scratch.path("report")).permissions() == static_cast<fs::perms>(0640));
  CHECK(files_in(scratch.directory()) == 1);
}

TEST_CASE("a link to the file stays a link") {
  Scratch scratch;
  scratch.write("report", "one\n");
  fs::create_symlink("report", scratch.path("latest"));
  CHECK_FALSE(replace_file(scratch.path("latest"), "two\n"));
  CHECK(read_file(scratch.path("report")) == "two\n");
  CHECK(fs::is_symlink(scratch.path("latest")));
}

TEST_CASE("what cannot be written is said, and leaves nothing") {
  Scratch scratch;
  CHECK(*replace_file(scratch.path("none/report"), "text") == "No such file or directory");
  CHECK(*replace_file(scratch.directory(), "text") == "Is a directory");
  CHECK(*replace_file("/dev/full", "text") == "No space left on device");
  CHECK(files_in(scratch.directory()) == 0);
}

TEST_CASE("interrupted at any time, the file holds the old text or the new, and nothing lies beside it") {
  Scratch scratch;
  const std::string old_text(300'000, 'o'), new_text(500'000, 'n');
  unsigned seen_old = 0, seen_new = 0;
  for (unsigned pause = 0; pause < 3000; pause += 50) {
    scratch.write("report", old_text);
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    const pid_t child = fork();
    if (child == 0) {
      std::signal(SIGINT, SIG_DFL);
      const bool told = write(ready[1], "r", 1) == 1;
      for (;;) replace_file(scratch.path("report"), told ? new_text : old_text);
    }
    char byte;
    REQUIRE(read(ready[0], &byte, 1) == 1);
    usleep(pause);
    kill(child, SIGINT);
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    close(ready[0]);
    close(ready[1]);
    const std::string found = read_file(scratch.path("report"));
    const bool whole = found == old_text || found == new_text;
    CHECK(whole);
    ++(found == old_text ? seen_old : seen_new);
    CHECK(files_in(scratch.directory()) == 1);
  }
  CHECK(seen_new > 0);
}
