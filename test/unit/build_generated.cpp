// build.ninja, .ninja_log, bazel's files and CMake's presets. The texts are cut from what meson 1.0.1 with
// ninja 1.11.1, bazel 4.2.3 and CMake 3.25 wrote for a project of three files.
#include <doctest/doctest.h>

#include "../../src/build/bazel_files.hpp"
#include "../../src/build/cmake_presets.hpp"
#include "../../src/build/ninja_files.hpp"
#include "build_directory.hpp"

using namespace linkdx::build;

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string told(const std::vector<Compile>& edges) {
  std::string text;
  for (const Compile& edge : edges)
    text += edge.object + (edge.source.empty() ? "" : " of " + edge.source) + " at " +
            std::to_string(edge.where.line) + ": " + joined(edge.arguments) +
            (edge.result == Compile::Result::Succeeded ? " (made)" : "") + "\n";
  return text;
}

std::string told(const std::vector<Setting>& settings) {
  std::string text;
  for (const Setting& setting : settings)
    text += setting.type + " " + setting.key + " = " + setting.value + " at " +
            std::to_string(setting.where.line) + "\n";
  return text;
}

constexpr const char* kMesonNinja = R"(ninja_required_version = 1.8.2

rule c_COMPILER
 command = cc $ARGS -MD -MQ $out -MF $DEPFILE -o $out -c $in
 deps = gcc
 depfile = $DEPFILE_UNQUOTED

rule c_LINKER
 command = cc $ARGS -o $out $in $LINK_ARGS

build PHONY: phony 

build app.p/main.c.o: c_COMPILER ../main.c | rows.h || generated
 DEPFILE = app.p/main.c.o.d
 ARGS = -Iapp.p -O0 $
    -g

build app.p/sum_avx2.c.o: c_COMPILER ../sum_avx2.c
 DEPFILE = app.p/sum_avx2.c.o.d
 ARGS = -mavx2

build app: c_LINKER app.p/main.c.o app.p/sum_avx2.c.o
 LINK_ARGS = -Wl,--as-needed

build test: phony meson-internal__test
)";

}  // namespace

TEST_CASE("build.ninja: edges with the rule's command and the edge's own variables") {
  NinjaBuild build = read_ninja(kMesonNinja, "", "build.ninja");
  CHECK(told(build.compiles) ==
        "app.p/main.c.o of ../main.c at 13: cc -Iapp.p -O0 -g -MD -MQ app.p/main.c.o -MF app.p/main.c.o.d -o "
        "app.p/main.c.o "
        "-c ../main.c\n"
        "app.p/sum_avx2.c.o of ../sum_avx2.c at 18: cc -mavx2 -MD -MQ app.p/sum_avx2.c.o -MF "
        "app.p/sum_avx2.c.o.d -o "
        "app.p/sum_avx2.c.o -c ../sum_avx2.c\n");
  CHECK(told(build.links) == "app at 22: cc -o app app.p/main.c.o app.p/sum_avx2.c.o -Wl,--as-needed\n");
}

TEST_CASE("build.ninja: rules and variables of included files, signs behind a dollar") {
  NinjaBuild build =
      read_ninja("include rules.ninja\nout = obj\nbuild $out/a$ b.o: cc a$:b.c\n cflags = -DX=$$1\n",
                 "rule cc\n command = $cc $cflags -c $in -o \"$out\"\ncc = clang\n", "build.ninja");
  CHECK(build.included == std::vector<std::string>{"rules.ninja"});
  REQUIRE(build.compiles.size() == 1);
  CHECK(build.compiles[0].arguments ==
        std::vector<std::string>{"clang", "-DX=$1", "-c", "a:b.c", "-o", "obj/a b.o"});
}

TEST_CASE("build.ninja: a variable that names itself ends") {
  NinjaBuild build =
      read_ninja("x = $x $x $x\nrule cc\n command = cc $x -c $in -o $out\nbuild a.o: cc a.c\n", "", "b");
  CHECK(build.compiles.size() == 1);
}

TEST_CASE(".ninja_log: what a command has made") {
  NinjaBuild build = read_ninja(kMesonNinja, "", "build.ninja");
  mark_made(
      build.compiles,
      read_ninja_log("# ninja log v5\n63\t992\t1795403086191329536\tapp.p/main.c.o\t1566dc6b01548eaf\n"));
  CHECK(build.compiles[0].result == Compile::Result::Succeeded);
  CHECK(build.compiles[1].result == Compile::Result::Unknown);
}

TEST_CASE(".bazelrc: options of all builds and of one configuration") {
  CHECK(told(read_bazelrc("# all\nbuild --copt=-O2 --cpu k8 # both\nimport %workspace%/x\nbuild:native "
                          "--copt=-march=native\n",
                          ".bazelrc")) ==
        "BAZELRC --copt = -O2 at 2\nBAZELRC --cpu = k8 at 2\nBAZELRC --copt = -march=native at 4\n");
}

TEST_CASE("bazel's params: a link, one argument a line") {
  std::optional<Compile> link = read_link_params(
      "-o\nbazel-out/k8-fastbuild/bin/rows/app\nbazel-out/rows/_objs/app/main.pic.o\n-lm\n", "app-2.params");
  REQUIRE(link);
  CHECK(link->object == "bazel-out/k8-fastbuild/bin/rows/app");
  CHECK(joined(link->arguments) ==
        "-o bazel-out/k8-fastbuild/bin/rows/app bazel-out/rows/_objs/app/main.pic.o -lm");
  CHECK(!read_link_params("rcsD\nlibrows.a\nmain.o\n", "librows.a-2.params"));
}

TEST_CASE("bazel's command.log: the commands of -s") {
  ConfiguredTree tree;
  read_bazel_log(
      "SUBCOMMAND: # //rows:kernels [action 'Compiling rows/sum_avx2.c', configuration: 12]\n"
      "(cd /home/me/.cache/bazel/_bazel_me/12/execroot/__main__ && \\\n"
      "  exec env - \\\n"
      "    PATH=/bin:/usr/bin \\\n"
      "  /usr/bin/gcc -Wall -mavx2 -c rows/sum_avx2.c -o "
      "bazel-out/k8/bin/rows/_objs/kernels/sum_avx2.pic.o)\n",
      "command.log", tree);
  CHECK(told(tree.commands) ==
        "bazel-out/k8/bin/rows/_objs/kernels/sum_avx2.pic.o of rows/sum_avx2.c at 5: /usr/bin/gcc -Wall "
        "-mavx2 -c "
        "rows/sum_avx2.c -o bazel-out/k8/bin/rows/_objs/kernels/sum_avx2.pic.o\n");
}

TEST_CASE("CMakePresets.json: the variables of each preset, with their lines") {
  std::vector<linkdx::Skipped> problems;
  CHECK(told(read_cmake_presets(R"({
  "version": 3,
  "configurePresets": [
    { "name": "ci",
      "cacheVariables": {
        "ENABLE_AVX512": "OFF",
        "CMAKE_C_FLAGS": { "type": "STRING", "value": "-march=native" } } },
    { "name": "fast", "inherits": "ci",
      "cacheVariables": {
        "ENABLE_AVX512": true } } ]
})",
                                "CMakePresets.json", problems)) ==
        "PRESET ENABLE_AVX512 = OFF at 6\nPRESET CMAKE_C_FLAGS = -march=native at 7\nPRESET ENABLE_AVX512 = "
        "TRUE at 10\n");
  CHECK(problems.empty());
}

TEST_CASE("trees of ninja alone, of bazel and with presets are found below a path") {
  Directory d;
  d.write("gn/build.ninja", kMesonNinja);
  d.write("gn/.ninja_log", "# ninja log v5\n1\t2\t3\tapp.p/main.c.o\t4\n");
  d.write("bz/WORKSPACE", "");
  d.write("bz/.bazelrc", "build --copt=-march=native\n");
  d.write(
      "cm/CMakePresets.json",
      R"({"version": 3, "configurePresets": [{"name": "ci", "cacheVariables": {"ENABLE_AVX512": "OFF"}}]})");
  d.write("cm/build/CMakeCache.txt", "CMAKE_HOME_DIRECTORY:INTERNAL=" + d.at("cm") + "\n");
  Facts facts = gather({d.path()});
  std::string text;
  for (const ConfiguredTree& tree : facts.configured)
    text += tree.system + " " + std::to_string(tree.commands.size()) + " " +
            std::to_string(tree.links.size()) + "\n" + told(tree.options);
  CHECK(text ==
        "bazel 0 0\nBAZELRC --copt = -march=native at 1\nninja 2 1\ncmake-presets 0 0\nPRESET ENABLE_AVX512 "
        "= OFF at 1\n");
}
