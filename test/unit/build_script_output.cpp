// The output of build scripts, as cargo and the cc crate really write it.
#include <doctest/doctest.h>

#include "linkdx/build.hpp"
#include "script_output.hpp"

using namespace linkdx::build;

namespace {

BuildScriptRun read(std::string_view output) {
  BuildScriptRun run;
  read_script_output(output, "output", run);
  return run;
}

// "Failed 3 cc|-c|k.c: message / message"
std::string show(const BuildScriptRun& run) {
  std::string text;
  for (const Compile& compile : run.compiles) {
    text += compile.result == Compile::Result::Failed      ? "Failed "
            : compile.result == Compile::Result::Succeeded ? "Succeeded "
                                                           : "Unknown ";
    text += std::to_string(compile.where.line);
    for (const std::string& word : compile.arguments) text += " " + word;
    for (const linkdx::Excerpt& message : compile.messages)
      text += "\n  " + std::to_string(message.line) + " " + message.text;
    text += "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("cc 1.0: each compile has its own messages and its own end") {
  BuildScriptRun run = read(
      "TARGET = Some(\"x86_64-unknown-linux-gnu\")\n"
      "HOST = Some(\"aarch64-unknown-linux-gnu\")\n"
      "CFLAGS_x86_64_unknown_linux_gnu = None\n"
      "running: \"cc\" \"-O0\" \"-mavx2\" \"-o\" \"/build/out/base.o\" \"-c\" \"src/base.c\"\n"
      "cargo:warning=src/base.c:1:21: warning: unused variable 'unused' [-Wunused-variable]\n"
      "exit status: 0\n"
      "running: \"cc\" \"-O0\" \"-march=native\" \"-o\" \"/build/out/k.o\" \"-c\" \"src/k.c\"\n"
      "cargo:warning=cc1: error: bad value 'native' for '-march=' switch\n"
      "exit status: 1\n"
      "cargo:warning=Skipping the wide kernel\n"
      "running: ZERO_AR_DATE=\"1\" \"ar\" \"cq\" \"/build/out/libbase.a\" \"/build/out/base.o\"\n"
      "exit status: 0\n"
      "cargo:rustc-link-lib=static=base\n"
      "cargo::rustc-cfg=kernel_support=\"wide\"\n");
  CHECK(show(run) ==
        "Succeeded 4 cc -O0 -mavx2 -o /build/out/base.o -c src/base.c\n"
        "  5 src/base.c:1:21: warning: unused variable 'unused' [-Wunused-variable]\n"
        "Failed 7 cc -O0 -march=native -o /build/out/k.o -c src/k.c\n"
        "  8 cc1: error: bad value 'native' for '-march=' switch\n");
  CHECK(run.compiles[1].source == "src/k.c");
  CHECK(run.compiles[1].object == "/build/out/k.o");
  CHECK(environment_value(run, "TARGET") == "x86_64-unknown-linux-gnu");
  CHECK(environment_value(run, "CFLAGS_x86_64_unknown_linux_gnu") == std::nullopt);
  CHECK(run.environment.at("CFLAGS_x86_64_unknown_linux_gnu") == "None");
  REQUIRE(run.settings.size() == 5);
  CHECK(run.settings[4].key == "rustc-cfg");
  CHECK(run.settings[4].value == "kernel_support=\"wide\"");
  CHECK(run.settings[4].where.line == 14);
}

TEST_CASE("the error text of a command repeats a compile that is known") {
  BuildScriptRun run = read(
      "running: \"cc\" \"-c\" \"a b.c\"\n"
      "cargo:warning=cc1: error: bad value\n"
      "exit status: 1\n"
      "cargo:warning=ToolExecError: Command \"cc\" \"-c\" \"a b.c\" with args \"cc\" did not execute "
      "successfully (status code exit status: 1).\n");
  CHECK(show(run) == "Failed 1 cc -c a b.c\n  2 cc1: error: bad value\n");
}

TEST_CASE("cc 1.2: the failed command stands in the error text only, after its messages") {
  BuildScriptRun run = read(
      "cargo:warning=cc1: error: bad value 'native' for '-march=' switch\n"
      "cargo:warning=cc1: note: valid arguments to '-march=' switch are: nocona core2\n"
      "cargo:warning=no kernel: command did not execute successfully (status code exit status: 1): "
      "LC_ALL=\"C\" \"cc\" \"-march=native\" \"-c\" \"k.c\"\n"
      "cargo:warning=Skipping the wide kernel\n");
  CHECK(show(run) ==
        "Failed 3 cc -march=native -c k.c\n"
        "  1 cc1: error: bad value 'native' for '-march=' switch\n"
        "  2 cc1: note: valid arguments to '-march=' switch are: nocona core2\n");
  CHECK(run.compiles[0].environment == std::vector<std::string>{"LC_ALL=C"});
}

TEST_CASE("the error printed with {:?} holds the command quoted once more") {
  BuildScriptRun run = read(
      "cargo:warning=Error { kind: ToolExecError, message: \"Command \\\"cc\\\" \\\"-c\\\" \\\"k.c\\\" with "
      "args cc did not execute successfully (status code exit status: 1).\" }\n");
  REQUIRE(run.compiles.size() == 1);
  CHECK(run.compiles[0].arguments == std::vector<std::string>{"cc", "-c", "k.c"});
  CHECK(run.compiles[0].result == Compile::Result::Failed);
}

TEST_CASE("errors whose command nobody printed are a failed compile without arguments") {
  BuildScriptRun run = read(
      "cargo:rerun-if-changed=k.c\n"
      "cargo:warning=cc1: error: bad value 'native' for '-march=' switch\n"
      "cargo:warning=Skipping the wide kernel\n");
  CHECK(show(run) == "Failed 2\n  2 cc1: error: bad value 'native' for '-march=' switch\n");
}

TEST_CASE("a warning of the script's own is no failed compile") {
  CHECK(show(read("cargo:warning=Skipping the wide kernel: an error: occurred\n")) == "");
}

TEST_CASE("commands that ran at the same time: nobody is blamed unless named") {
  std::string_view both =
      "running: \"cc\" \"-c\" \"a.c\"\n"
      "running: \"cc\" \"-c\" \"b.c\"\n"
      "exit status: 0\n"
      "exit status: 1\n";
  CHECK(show(read(both)) == "Unknown 1 cc -c a.c\nUnknown 2 cc -c b.c\n");
  BuildScriptRun named = read(std::string(both) +
                              "cargo:warning=Command \"cc\" \"-c\" \"b.c\" with args \"cc\" did not execute "
                              "successfully (status code exit status: 1).\n");
  CHECK(show(named) == "Unknown 1 cc -c a.c\nFailed 2 cc -c b.c\n");
  CHECK(show(read("running: \"cc\" \"-c\" \"a.c\"\nrunning: \"cc\" \"-c\" \"b.c\"\nexit status: 0\nexit "
                  "status: 0\n")) == "Succeeded 1 cc -c a.c\nSucceeded 2 cc -c b.c\n");
}

TEST_CASE("an assembler that is not installed") {
  BuildScriptRun run = read(
      "running: \"nasm\" \"-f\" \"elf64\" \"-o\" \"k.o\" \"k.asm\"\n"
      "cargo:warning=Failed to find tool. Is `nasm` installed?\n");
  CHECK(show(run) == "Failed 1 nasm -f elf64 -o k.o k.asm\n  2 Failed to find tool. Is `nasm` installed?\n");
}

TEST_CASE("an output that is cut off leaves the last result open") {
  CHECK(show(read("running: \"cc\" \"-c\" \"a.c\"\n")) == "Unknown 1 cc -c a.c\n");
  CHECK(show(read("running: \"cc\" \"-c\" \"a.")) == "");
}

TEST_CASE("a directory, removed variables and Rust's escapes in a command") {
  BuildScriptRun run = read(
      "running: cd \"/src dir\" && env -u CFLAGS CC=\"x y\" \"cc\" \"-DNAME=\\\"v\\\"\" \"-c\" "
      "\"caf\\u{e9}.c\"\n");
  REQUIRE(run.compiles.size() == 1);
  CHECK(run.compiles[0].directory == "/src dir");
  CHECK(run.compiles[0].environment == std::vector<std::string>{"CC=x y"});
  CHECK(run.compiles[0].arguments == std::vector<std::string>{"cc", "-DNAME=\"v\"", "-c", "caf\xc3\xa9.c"});
}

TEST_CASE("stderr: cc's last words name the command") {
  BuildScriptRun run;
  read_script_stderr(
      "\n\nerror occurred: Command \"cc\" \"-c\" \"k.c\" with args \"cc\" did not execute successfully "
      "(status code exit status: 1).\n\n",
      "stderr", run);
  CHECK(run.stderr_lines.size() == 4);
  REQUIRE(run.compiles.size() == 1);
  CHECK(run.compiles[0].path == "stderr");
  CHECK(run.compiles[0].where.line == 3);
  CHECK(run.compiles[0].result == Compile::Result::Failed);
}
