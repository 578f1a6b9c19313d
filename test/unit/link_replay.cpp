// Links replayed: what GNU ld and lld leave undefined, and why.

#include <doctest/doctest.h>

#include "link_inputs.hpp"

using namespace linkdx;
using namespace linkdx::link;
using linkdx::test::resolve;
using linkdx::test::Scratch;

namespace {

/// main.o wants one; libone.a has it and wants two; libtwo.a has two and wants three, which one.a's other member has.
void make_libraries(const Scratch& scratch) {
  scratch.assemble("main.o", ".globl _start\n_start: call one\n");
  scratch.assemble("one.o", ".globl one\none: call two\n");
  scratch.assemble("three.o", ".globl three\nthree: ret\n");
  scratch.assemble("two.o", ".globl two\ntwo: call three\n");
  REQUIRE(scratch.run("ar rcs libone.a one.o three.o && ar rcs libtwo.a two.o && rm one.o two.o three.o"));
}

}  // namespace

TEST_CASE("GNU ld searches an archive once, at its place") {
  Scratch scratch;
  make_libraries(scratch);
  CHECK(resolve(scratch, "ld main.o libone.a libtwo.a") == "three: defined-not-reached\n");
  CHECK(resolve(scratch, "ld libone.a main.o libtwo.a") == "one: defined-not-reached\n");
  CHECK(resolve(scratch, "ld main.o libtwo.a libone.a") == "two: defined-not-reached\n");
  CHECK(resolve(scratch, "ld main.o libone.a libtwo.a libone.a") == "");
}

TEST_CASE("a group is searched until nothing is extracted") {
  Scratch scratch;
  make_libraries(scratch);
  CHECK(resolve(scratch, "ld main.o --start-group libone.a libtwo.a --end-group") == "");
  CHECK(resolve(scratch, "ld main.o ( libtwo.a libone.a )") == "");
  CHECK(resolve(scratch, "gcc -nostdlib main.o -L. -Wl,--start-group -lone -ltwo -Wl,--end-group") == "");
}

TEST_CASE("lld and mold remember archives") {
  Scratch scratch;
  make_libraries(scratch);
  CHECK(resolve(scratch, "ld.lld libone.a libtwo.a main.o") == "");
  CHECK(resolve(scratch, "clang -fuse-ld=mold -nostdlib libone.a libtwo.a main.o") == "");
}

TEST_CASE("--whole-archive links every member") {
  Scratch scratch;
  make_libraries(scratch);
  CHECK(resolve(scratch, "ld --whole-archive libone.a --no-whole-archive main.o libtwo.a") == "");
}

TEST_CASE("weak references are no errors and extract nothing") {
  Scratch scratch;
  scratch.assemble("main.o", ".weak maybe\n.globl _start\n_start: call maybe\n");
  scratch.assemble("maybe.o", ".globl maybe\nmaybe: call missing\n");
  REQUIRE(scratch.run("ar rcs libmaybe.a maybe.o"));
  CHECK(resolve(scratch, "ld main.o libmaybe.a") == "");
}

TEST_CASE("two strong definitions are duplicates; weak, common and COMDAT ones are not") {
  Scratch scratch;
  scratch.assemble("a.o", ".globl f\nf: ret\n.globl _start\n_start: nop\n");
  scratch.assemble("b.o", ".globl f\nf: ret\n");
  scratch.assemble("weak.o", ".weak f\nf: ret\n");
  scratch.assemble("common.o", ".comm f,4\n");
  const char* group = ".section .text.g,\"axG\",@progbits,g,comdat\n.globl g\ng: ret\n";
  scratch.assemble("g1.o", group);
  scratch.assemble("g2.o", group);
  CHECK(resolve(scratch, "ld a.o b.o") == "f: defined twice\n");
  CHECK(resolve(scratch, "ld a.o weak.o common.o") == "");
  CHECK(resolve(scratch, "ld a.o g1.o g2.o") == "");
}

TEST_CASE("an object for another machine is no input") {
  Scratch scratch;
  scratch.assemble("main.o", ".globl _start\n_start: call f\n");
  scratch.assemble("arm.o", ".globl f\nf:\n", "aarch64-linux-gnu");
  CHECK(resolve(scratch, "ld main.o arm.o") == "f: defined-nowhere\nunusable arm.o: wrong machine\n");
}

TEST_CASE("a library that is not found makes absence unproved") {
  Scratch scratch;
  scratch.assemble("main.o", ".globl _start\n_start: call f\n");
  CHECK(resolve(scratch, "ld main.o -lno_such_library") == "f: unknown\nunusable -lno_such_library: not found\n");
}

TEST_CASE("a definition in a file that is no input is found") {
  Scratch scratch;
  scratch.assemble("main.o", ".globl _start\n_start: call f\n");
  scratch.assemble("other.o", ".globl f\nf: ret\n");
  CHECK(resolve(scratch, "ld main.o") == "f: defined-elsewhere\n");
  CHECK(resolve(scratch, "ld main.o other.o") == "");
}

TEST_CASE("a program may not leave references, a library may unless -z defs") {
  Scratch scratch;
  scratch.assemble("a.o", "call f\n");
  CHECK(resolve(scratch, "ld a.o") == "f: defined-nowhere\n");
  CHECK(resolve(scratch, "ld -shared a.o") == "");
  CHECK(resolve(scratch, "ld -shared -z defs a.o") == "f: defined-nowhere\n");
  CHECK(resolve(scratch, "ld -r a.o") == "");
}

TEST_CASE("GNU ld finds nothing in an archive without an index") {
  Scratch scratch;
  scratch.assemble("main.o", ".globl _start\n_start: call f\n");
  scratch.assemble("f.o", ".globl f\nf: ret\n");
  REQUIRE(scratch.run("ar rcS lib.a f.o && rm f.o"));
  CHECK(resolve(scratch, "ld main.o lib.a") == "f: defined-not-reached\nunusable " + scratch.path("lib.a") + "\n");
  CHECK(resolve(scratch, "ld.lld main.o lib.a") == "");
}

TEST_CASE("who refers to a missing symbol is told by object and function") {
  Scratch scratch;
  scratch.assemble("main.o", ".globl _start\n.type _start,@function\n_start: nop\ncall f\n");
  std::vector<Skipped> problems;
  artifact::Store store;
  const Replay result = replay(plan_from_command({"ld", "main.o"}, scratch.directory(), problems), scratch.directory(), store, {});
  REQUIRE(result.undefined.size() == 1);
  REQUIRE(result.undefined[0].referrers.size() == 1);
  CHECK(result.undefined[0].referrers[0].label == scratch.path("main.o"));
  CHECK(result.undefined[0].referrers[0].function == "_start");
}

TEST_CASE("the closure is the same for any number of threads") {
  Scratch scratch;
  make_libraries(scratch);
  scratch.assemble("x.o", "call nowhere\ncall one\n");
  const std::vector<std::string> paths = {scratch.path("libone.a"), scratch.path("libtwo.a"), scratch.path("x.o"), scratch.path("gone.o")};
  for (const unsigned threads : {1U, 2U, 7U}) {
    const Closure result = closure(paths, threads);
    CHECK(result.undefined == std::vector<std::string>{"nowhere"});
    CHECK(result.objects == 4);
    CHECK(result.problems.size() == 1);
  }
}
