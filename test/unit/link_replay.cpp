// Links replayed: what GNU ld and lld leave undefined, and why.

#include <doctest/doctest.h>

#include "link_inputs.hpp"

using namespace linkdx;
using namespace linkdx::link;
using linkdx::test::resolve;
using linkdx::test::Scratch;

namespace {

/// main.o wants one; libone.a has it and wants two; libtwo.a has two and wants three, which one.a's other
/// member has.
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
  CHECK(resolve(scratch, "ld main.o -lno_such_library") ==
        "f: unknown\nunusable -lno_such_library: not found\n");
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
  CHECK(resolve(scratch, "ld main.o lib.a") ==
        "f: defined-not-reached\nunusable " + scratch.path("lib.a") + "\n");
  CHECK(resolve(scratch, "ld.lld main.o lib.a") == "");
}

TEST_CASE("who refers to a missing symbol is told by object and function") {
  Scratch scratch;
  scratch.assemble("main.o", ".globl _start\n.type _start,@function\n_start: nop\ncall f\n");
  std::vector<Skipped> problems;
  artifact::Store store;
  const Replay result = replay(plan_from_command({"ld", "main.o"}, scratch.directory(), problems),
                               scratch.directory(), store, {});
  REQUIRE(result.undefined.size() == 1);
  REQUIRE(result.undefined[0].referrers.size() == 1);
  CHECK(result.undefined[0].referrers[0].label == scratch.path("main.o"));
  CHECK(result.undefined[0].referrers[0].function == "_start");
}

TEST_CASE("the closure is the same for any number of threads") {
  Scratch scratch;
  make_libraries(scratch);
  scratch.assemble("x.o", "call nowhere\ncall one\n");
  const std::vector<std::string> paths = {scratch.path("libone.a"), scratch.path("libtwo.a"),
                                          scratch.path("x.o"), scratch.path("gone.o")};
  for (const unsigned threads : {1U, 2U, 7U}) {
    const Closure result = closure(paths, threads);
    CHECK(result.undefined == std::vector<std::string>{"nowhere"});
    CHECK(result.objects == 4);
    CHECK(result.problems.size() == 1);
  }
}

TEST_CASE("under --gc-sections only references from kept sections count") {
  Scratch scratch;
  scratch.assemble("main.o",
                   ".section .text._start,\"ax\"\n.globl _start\n_start: call used\n"
                   ".section .text.used,\"ax\"\nused: call missing_a\n"
                   ".section .text.unused,\"ax\"\n.globl unused\nunused: call missing_b\n"
                   ".section .init_array,\"aw\",@init_array\n.quad missing_c\n"
                   ".section bounds,\"aw\"\n.quad missing_d\n");
  CHECK(resolve(scratch, "ld main.o") ==
        "missing_a: defined-nowhere\nmissing_b: defined-nowhere\nmissing_c: defined-nowhere\nmissing_d: "
        "defined-nowhere\n");
  CHECK(resolve(scratch, "ld --gc-sections main.o") ==
        "missing_a: defined-nowhere\nmissing_c: defined-nowhere\n");
  CHECK(resolve(scratch, "mold --gc-sections main.o") ==
        "missing_a: defined-nowhere\nmissing_c: defined-nowhere\nmissing_d: defined-nowhere\n");
  CHECK(resolve(scratch, "ld --gc-sections -shared -z defs main.o") ==
        "missing_a: defined-nowhere\nmissing_b: defined-nowhere\nmissing_c: defined-nowhere\n");
}

TEST_CASE("__start_NAME is defined when there is a section NAME, which GNU ld then keeps and lld does not") {
  Scratch scratch;
  scratch.assemble(
      "main.o",
      ".globl _start\n_start: mov __start_table@GOTPCREL(%rip),%rax\nmov __stop_other@GOTPCREL(%rip),%rax\n"
      ".section table,\"aw\"\n.quad missing\n");
  CHECK(resolve(scratch, "ld --gc-sections main.o") ==
        "__stop_other: defined-nowhere\nmissing: defined-nowhere\n");
  CHECK(resolve(scratch, "ld.lld --gc-sections main.o") ==
        "__start_table: defined-nowhere\n__stop_other: defined-nowhere\n");
}

TEST_CASE("a reference without a relocation, or from a COMDAT copy that was not taken, is no error") {
  Scratch scratch;
  scratch.assemble("named.o", ".globl _start\n_start: nop\n.globl only_named\n");
  CHECK(resolve(scratch, "ld named.o") == "");
  const std::string group = ".section .text.g,\"axG\",@progbits,g,comdat\n.weak g\ng: ";
  scratch.assemble("first.o", group + "ret\n");
  scratch.assemble("second.o", group + "call missing\n");
  CHECK(resolve(scratch, "ld first.o second.o") == "");
  CHECK(resolve(scratch, "ld second.o first.o") == "missing: defined-nowhere\n");
}

TEST_CASE("--wrap sends references elsewhere") {
  Scratch scratch;
  scratch.assemble("main.o", ".globl _start\n_start: call f\ncall __real_f\n");
  scratch.assemble("f.o", ".globl f\nf: ret\n");
  scratch.assemble("wrapper.o", ".globl __wrap_f\n__wrap_f: ret\n");
  CHECK(resolve(scratch, "ld --wrap=f main.o f.o") == "__wrap_f: defined-elsewhere\n");
  CHECK(resolve(scratch, "ld --wrap=f main.o f.o wrapper.o") == "");
}

TEST_CASE("-u extracts and is no error; --require-defined is one") {
  Scratch scratch;
  scratch.assemble("main.o", ".globl _start\n_start: nop\n");
  CHECK(resolve(scratch, "ld -u nothing main.o") == "");
  CHECK(resolve(scratch, "ld --require-defined=nothing main.o") == "nothing: defined-nowhere\n");
}

TEST_CASE("names of a sanitizer's run-time library are missing only without its flag") {
  Scratch scratch;
  scratch.assemble("main.o", ".globl main\nmain: call __asan_init\n");
  CHECK(resolve(scratch, "cc -nostdlib main.o") == "__asan_init: defined-nowhere\n");
  CHECK(resolve(scratch, "cc -nostdlib -fsanitize=address main.o") == "");
}

TEST_CASE("a member for another machine does not hide the others of its archive") {
  Scratch scratch;
  scratch.assemble("main.o", ".globl _start\n_start: call f\ncall g\n");
  scratch.assemble("f.o", ".globl f\nf: ret\n");
  scratch.assemble("g.o", ".globl g\ng:\n", "aarch64-linux-gnu");
  REQUIRE(scratch.run("ar rcs lib.a f.o g.o && rm f.o g.o"));
  CHECK(resolve(scratch, "ld main.o lib.a") ==
        "g: defined-nowhere\nunusable " + scratch.path("lib.a") + "(g.o): wrong machine\n");
}

TEST_CASE("inputs in link order show who mentions a name, also when objects were omitted") {
  Scratch scratch;
  make_libraries(scratch);
  std::vector<Skipped> problems;
  artifact::Store store;
  const Plan plan = plan_from_command({"ld", "<1 object files omitted>", "libtwo.a", "libone.a"},
                                      scratch.directory(), problems);
  const Replay result = replay(plan, scratch.directory(), store, {});
  CHECK_FALSE(result.complete);
  std::string text;
  for (const Mentioned& one : mentions_in_order(result, "two"))
    text += std::to_string(one.input) + (one.defines ? " defines\n" : " refers\n");
  CHECK(text == "0 defines\n1 refers\n");
}
