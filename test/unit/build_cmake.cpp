// CMake's files, as CMake 3.25 (logs, generators) and 3.28 (configure log) write them.
#include <doctest/doctest.h>

#include "build_directory.hpp"
#include "cmake_files.hpp"
#include "json.hpp"
#include "linkdx/build.hpp"

using namespace linkdx::build;

TEST_CASE("CMakeCache.txt: types, quoted keys and values, advanced marks") {
  std::vector<Setting> cache = read_cmake_cache(
      "# This is the CMakeCache file.\n"
      "//Build wide kernels\n"
      "ENABLE_WIDE:BOOL=OFF\n"
      "CMAKE_AR:FILEPATH=/usr/bin/ar\n"
      "CMAKE_AR-ADVANCED:INTERNAL=1\n"
      "\"a:b\":STRING=' x '\n"
      "EMPTY:STRING=\n"
      "no entry\n",
      "CMakeCache.txt");
  REQUIRE(cache.size() == 4);
  CHECK(cache[0].key == "ENABLE_WIDE");
  CHECK(cache[0].type == "BOOL");
  CHECK(cache[0].value == "OFF");
  CHECK(cache[0].where.line == 3);
  CHECK_FALSE(cache[0].advanced);
  CHECK(cache[1].advanced);
  CHECK(cache[2].key == "a:b");
  CHECK(cache[2].value == " x ");
  CHECK(cache[3].value.empty());
}

TEST_CASE("CMakeError.log: the variable, and the tool's first error") {
  std::vector<Check> checks = read_cmake_log(
      "Performing C SOURCE FILE Test HAVE_FLAG failed with the following output:\n"
      "Change Dir: /b/CMakeFiles/CMakeScratch/TryCompile-dnciIh\n"
      "\n"
      "/usr/bin/cc -DHAVE_FLAG  -mnosuchflag -o CMakeFiles/cmTC_d4b18.dir/src.c.o -c src.c\n"
      "cc: error: unrecognized command-line option '-mnosuchflag'\n"
      "gmake[1]: *** [CMakeFiles/cmTC_d4b18.dir/build.make:78: CMakeFiles/cmTC_d4b18.dir/src.c.o] Error 1\n"
      "\n"
      "Source file was:\n"
      "int main(void) { return 0; }\n"
      "\n"
      "Determining if the function nosuchfn exists failed with the following output:\n"
      "CheckFunctionExists.c:(.text+0x10): undefined reference to `nosuchfn'\n"
      "collect2: error: ld returned 1 exit status\n",
      "CMakeError.log");
  REQUIRE(checks.size() == 2);
  CHECK(checks[0].variable == "HAVE_FLAG");
  CHECK_FALSE(checks[0].passed);
  CHECK(checks[0].message == "cc: error: unrecognized command-line option '-mnosuchflag'");
  CHECK(checks[0].where.line == 1);
  CHECK(checks[1].variable.empty());
  CHECK(checks[1].what == "Determining if the function nosuchfn exists");
  CHECK(checks[1].message == "CheckFunctionExists.c:(.text+0x10): undefined reference to `nosuchfn'");
}

namespace {
constexpr const char* configure_log =
    "\n"
    "---\n"
    "events:\n"
    "  -\n"
    "    kind: \"message-v1\"\n"
    "    backtrace:\n"
    "      - \"CMakeLists.txt:2 (project)\"\n"
    "    message: |\n"
    "      The system is: Linux - 6.5.0 - x86_64\n"
    "  -\n"
    "    kind: \"try_compile-v1\"\n"
    "    backtrace:\n"
    "      - \"CMakeLists.txt:9 (check_c_compiler_flag)\"\n"
    "    checks:\n"
    "      - \"Performing Test HAVE_WIDE\"\n"
    "    directories:\n"
    "      source: \"/b/CMakeFiles/CMakeScratch/TryCompile-K4CNis\"\n"
    "      binary: \"/b/CMakeFiles/CMakeScratch/TryCompile-K4CNis\"\n"
    "    cmakeVariables:\n"
    "      CMAKE_C_FLAGS: \"\"\n"
    "    buildResult:\n"
    "      variable: \"HAVE_WIDE\"\n"
    "      cached: true\n"
    "      stdout: |\n"
    "        Change Dir: '/b/CMakeFiles/CMakeScratch/TryCompile-K4CNis'\n"
    "        \n"
    "        [1/2] /usr/bin/cc -march=native -c src.c { [\n"
    "        cc1: error: bad value 'native' for '-march=' switch\n"
    "        C:\\\\path \\x0d\n"
    "      exitCode: 1\n"
    "  -\n"
    "    kind: \"try_run-v1\"\n"
    "    checks:\n"
    "      - \"Performing Test RUNS\"\n"
    "    buildResult:\n"
    "      variable: \"RUNS_COMPILED\"\n"
    "      cached: true\n"
    "      stdout: |\n"
    "        ok\n"
    "      exitCode: 0\n"
    "    runResult:\n"
    "      variable: \"RUNS_EXITCODE\"\n"
    "      cached: true\n"
    "      stdout: |\n"
    "      exitCode: 0\n"
    "...\n";
}

TEST_CASE("CMakeConfigureLog.yaml: checks with their results") {
  std::vector<linkdx::Skipped> problems;
  std::vector<Check> checks = read_cmake_configure_log(configure_log, "log.yaml", problems);
  CHECK(problems.empty());
  REQUIRE(checks.size() == 2);
  CHECK(checks[0].variable == "HAVE_WIDE");
  CHECK(checks[0].what == "Performing Test HAVE_WIDE");
  CHECK_FALSE(checks[0].passed);
  CHECK(checks[0].message == "cc1: error: bad value 'native' for '-march=' switch");
  CHECK(checks[0].where.line == 11);
  CHECK(checks[1].variable == "RUNS_EXITCODE");
  CHECK(checks[1].passed);
}

TEST_CASE("CMakeConfigureLog.yaml: several runs, the last one cut off") {
  std::string text = std::string(configure_log) + configure_log;
  text.resize(text.size() - 300);
  std::vector<linkdx::Skipped> problems;
  std::vector<Check> checks = read_cmake_configure_log(text, "log.yaml", problems);
  CHECK(checks.size() >= 2);
}

TEST_CASE("CMakeConfigureLog.yaml: nested without end is refused") {
  std::vector<linkdx::Skipped> problems;
  CHECK(read_cmake_configure_log("events: " + std::string(100'000, '['), "log.yaml", problems).empty());
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].reason == "not in the form in which CMake writes its configure log");
}

TEST_CASE("compile_commands.json: each entry with its line; a broken one costs itself only") {
  std::vector<linkdx::Skipped> problems;
  std::vector<Compile> compiles = read_compile_commands(
      "[\n"
      "{\n"
      "  \"directory\": \"/b\",\n"
      "  \"command\": \"/usr/bin/cc -mavx2 \\\"-DX=\\\\\\\"a b\\\\\\\"\\\" -o k.o -c /s/k.c\",\n"
      "  \"file\": \"/s/k.c\"\n"
      "},\n"
      "{ \"file\": \"x.c\" },\n"
      "{ \"directory\": \"/b\", \"arguments\": [\"c++\", \"-c\", \"m.cpp\"], \"file\": \"m.cpp\", "
      "\"output\": \"m.o\" },\n"
      "{ \"directory\": \"/b\", \"com",
      "cc.json", problems);
  REQUIRE(compiles.size() == 2);
  CHECK(compiles[0].arguments ==
        std::vector<std::string>{"/usr/bin/cc", "-mavx2", "-DX=\"a b\"", "-o", "k.o", "-c", "/s/k.c"});
  CHECK(compiles[0].source == "/s/k.c");
  CHECK(compiles[0].object == "k.o");
  CHECK(compiles[0].where.line == 2);
  CHECK(compiles[0].result == Compile::Result::Unknown);
  CHECK(compiles[1].object == "m.o");
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].reason == "line 7: entry without a command");
  CHECK(problems[1].reason == "line 9: the list of commands is cut off");
}

TEST_CASE("build.make with flags.make gives the compile commands of a target") {
  std::vector<Compile> compiles = read_build_make(
      "CMakeFiles/k.dir/k.c.o: /s/k.c\n"
      "\t@$(CMAKE_COMMAND) -E cmake_echo_color \"Building C object CMakeFiles/k.dir/k.c.o\"\n"
      "\t/usr/bin/cc $(C_DEFINES) $(C_INCLUDES) $(C_FLAGS) -o CMakeFiles/k.dir/k.c.o -c /s/k.c\n"
      "\t/usr/bin/cc $(C_DEFINES) $(C_INCLUDES) $(C_FLAGS) -E /s/k.c > CMakeFiles/k.dir/k.c.i\n",
      "# compile C with /usr/bin/cc\nC_DEFINES = -DA=1\n\nC_INCLUDES = \n\nC_FLAGS = -mavx2 \"-DX=\\\"a "
      "b\\\"\"\n",
      "build.make");
  REQUIRE(compiles.size() == 1);
  CHECK(compiles[0].arguments == std::vector<std::string>{"/usr/bin/cc", "-DA=1", "-mavx2", "-DX=\"a b\"",
                                                          "-o", "CMakeFiles/k.dir/k.c.o", "-c", "/s/k.c"});
  CHECK(compiles[0].where.line == 3);
}

TEST_CASE("build.ninja with rules.ninja gives the compile commands") {
  std::vector<Compile> compiles = read_build_ninja(
      "build cmake_object_order_depends_target_k: phony || CMakeFiles/k.dir\n"
      "\n"
      "build CMakeFiles/k.dir/k.c.o: C_COMPILER__k_ /s/k.c || cmake_object_order_depends_target_k\n"
      "  DEP_FILE = CMakeFiles/k.dir/k.c.o.d\n"
      "  FLAGS = -mavx2\n"
      "\n"
      "build libk.a: C_STATIC_LIBRARY_LINKER__k_ CMakeFiles/k.dir/k.c.o\n",
      "rule C_COMPILER__k_\n  depfile = $DEP_FILE\n  command = /usr/bin/cc $DEFINES $INCLUDES $FLAGS -MF "
      "$DEP_FILE -o $out -c $in\n",
      "build.ninja");
  REQUIRE(compiles.size() == 1);
  CHECK(compiles[0].arguments == std::vector<std::string>{"/usr/bin/cc", "-mavx2", "-MF",
                                                          "CMakeFiles/k.dir/k.c.o.d", "-o",
                                                          "CMakeFiles/k.dir/k.c.o", "-c", "/s/k.c"});
  CHECK(compiles[0].where.line == 3);
}

TEST_CASE("a CMake tree below and above the given path") {
  Directory d;
  d.write("b/CMakeCache.txt", "CMAKE_HOME_DIRECTORY:INTERNAL=/s\nENABLE_WIDE:BOOL=OFF\n");
  d.write("b/CMakeFiles/3.25.1/CMakeCCompiler.cmake", "set(CMAKE_C_COMPILER \"/usr/bin/cc\")\n");
  d.write("b/CMakeFiles/3.25.1/CMakeASM_NASMCompiler.cmake",
          "set(CMAKE_ASM_NASM_COMPILER \"CMAKE_ASM_NASM_COMPILER-NOTFOUND\")\n");
  d.write("b/CMakeFiles/k.dir/flags.make", "C_FLAGS = -O2\n");
  d.write("b/CMakeFiles/k.dir/build.make", "\tcc $(C_FLAGS) -o k.o -c /s/k.c\n");
  d.write("b/CMakeFiles/k.dir/link.txt", "ar qc libk.a k.o\n");
  d.write("b/libk.a", "!<arch>\n");
  for (std::string given : {d.path(), d.at("b/libk.a")}) {
    CAPTURE(given);
    Facts facts = gather({given});
    REQUIRE(facts.cmake.size() == 1);
    CHECK(facts.cmake[0].directory == d.at("b"));
    CHECK(facts.cmake[0].source_directory == "/s");
    CHECK(facts.cmake[0].languages == std::vector<std::string>{"C"});
    CHECK(facts.cmake[0].cache.size() == 2);
    REQUIRE(facts.cmake[0].commands.size() == 1);
    CHECK(facts.cmake[0].commands[0].directory == d.at("b"));
    CHECK(facts.cmake[0].links.size() == 1);
    CHECK(facts.problems.empty());
  }
}
