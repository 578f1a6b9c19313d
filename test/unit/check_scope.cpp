// What is checked together: one link, or one build tree.

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "artifact_inputs.hpp"
#include "linkdx/check.hpp"

using namespace linkdx;
using linkdx::test::Scratch;

namespace {

/// A weak function, as several objects may define it.
std::string shared_function(std::string_view body) {
  return ".weak shared\n.type shared,@function\nshared: " + std::string(body) +
         "\n ret\n.size shared, .-shared\n";
}

std::string codes(const std::string& path) {
  check::Request request;
  request.paths = {path};
  std::string text;
  for (const check::Finding& finding : check::run(request).findings) text += finding.diagnosis.code + "\n";
  return text;
}

}  // namespace

TEST_CASE("objects of two build trees are not linked together, those of one may be") {
  Scratch scratch;
  for (const char* directory : {"out/fast", "out/plain"})
    std::filesystem::create_directories(scratch.path(directory));
  scratch.assemble("out/fast/a.o", shared_function("vpbroadcastd (%rdi), %ymm0"));
  scratch.assemble("out/plain/b.o", shared_function("movd (%rdi), %xmm0"));
  CHECK(codes(scratch.path("out")) == "LDX7002\n");
  for (const char* tree : {"out/fast", "out/plain"})
    std::ofstream(scratch.path(tree) + "/CMakeCache.txt") << "#\n";
  CHECK(codes(scratch.path("out")) == "LDX7001\n");
  // What a build builds inside itself belongs to it.
  std::ofstream(scratch.path("out") + "/CMakeCache.txt") << "#\n";
  CHECK(codes(scratch.path("out")) == "LDX7002\n");
}

TEST_CASE("an object and the archive that it went into are one finding") {
  Scratch scratch;
  std::filesystem::create_directories(scratch.path("out"));
  scratch.assemble(
      "out/a.o",
      ".globl work\n.type work,@function\nwork: vpbroadcastd (%rdi), %ymm0\n ret\n.size work, .-work\n");
  REQUIRE(scratch.run("ar rc out/lib.a out/a.o"));
  CHECK(codes(scratch.path("out")) == "LDX7001\n");
}
