// Which code always runs, and which only where a dispatcher found what it needs.

#include <doctest/doctest.h>

#include "scan_inputs.hpp"

using namespace linkdx;
using linkdx::test::ScannedFile;
using linkdx::test::Scratch;

namespace {

/// Functions of one file: `NAME: instructions`.
std::string function(std::string_view name, std::string_view body, std::string_view binding = ".globl") {
  return fmt::format(".p2align 4\n{0} {1}\n.type {1},@function\n{1}:\n{2}\n.size {1}, .-{1}\n", binding, name,
                     body);
}

const std::string avx2 = "vpaddd %ymm0, %ymm0, %ymm0\n ret";
const std::string popcnt = "popcnt %rdi, %rax\n ret";

}  // namespace

TEST_CASE("a library compiled for a level needs it always, by what others call and what that calls") {
  Scratch scratch;
  ScannedFile file(scratch.assemble(
      "a.o",
      function("solve", "vbroadcastss (%rdi), %ymm0\n vfmadd231ps %ymm0, %ymm0, %ymm2\n call step\n ret") +
          function("step", avx2, ".local") + function("plain", "ret")));
  CHECK(file.verdicts() ==
        "solve: fma: always, global: others may call it\nstep: avx2: always, called by `solve`\n");
  CHECK(file.needs() == "always: fma avx2; unknown: -; all: fma avx2");
}

TEST_CASE("one unguarded function among plain ones leaks, through calls too") {
  Scratch scratch;
  scratch.assemble("a.o", function("api", "call sum\n ret"));
  scratch.assemble("b.o", function("sum", avx2));
  REQUIRE(scratch.run("ar rc lib.a a.o b.o"));
  ScannedFile file(scratch.path("lib.a"));
  CHECK(file.verdicts() == "sum: avx2: always, called by `api`\n");
  CHECK(file.needs() == "always: avx2; unknown: -; all: avx2");
}

TEST_CASE("a call behind a test of the CPU is guarded, a call before it is not") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", function("api", R"(
    call early
    mov __cpu_model+12(%rip), %eax
    test $4, %al
    je 1f
    call late
  1: ret)") + function("early", popcnt, ".local") +
                                               function("late", avx2, ".local")));
  CHECK(file.verdicts() ==
        "early: popcnt: always, called by `api`\n"
        "late: avx2: dispatched, called by `api`, which reads `__cpu_model`\n");
}

TEST_CASE("a call that lies before the question, but behind a condition, may be either") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", function("api", R"(
    test %edi, %edi
    je 2f
  1: call kernel
    ret
  2: mov __cpu_model+12(%rip), %eax
    test $4, %al
    jne 1b
    ret)") + function("kernel", avx2, ".local")));
  CHECK(file.verdicts() ==
        "kernel: avx2: unknown, called by `api`, which reads `__cpu_model`, but not surely behind that\n");
}

TEST_CASE("a function that only answers what the CPU has is a question to its callers") {
  Scratch scratch;
  ScannedFile file(scratch.assemble(
      "a.o", function("has_avx2", "mov __cpu_model+12(%rip), %eax\n and $1024, %eax\n ret", ".local") +
                 function("api", "call has_avx2\n test %eax, %eax\n je 1f\n jmp wide\n1: ret") +
                 function("wide", avx2, ".local")));
  CHECK(file.verdicts() ==
        "wide: avx2: dispatched, called by `api`, which calls `has_avx2`, which reads `__cpu_model`\n");
}

TEST_CASE("features used in the function that asks, before the question and behind it") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", function("api", R"(
    popcnt %rdi, %rax
    mov $7, %eax
    cpuid
    test $32, %ebx
    je 1f
    vpaddd %ymm0, %ymm0, %ymm0
  1: ret)")));
  CHECK(file.needs() == "always: popcnt; unknown: -; all: popcnt avx2");
}

TEST_CASE("kernels offered to callers under a CPU's name need not run") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", function("dot_avx2", avx2) + function("dot_c", "ret")));
  CHECK(file.verdicts() ==
        "dot_avx2: avx2: unknown, others may call it, and its name says `avx2`: whether they ask the CPU is "
        "not seen\n");
  CHECK(file.needs() == "always: -; unknown: avx2; all: avx2");
}

TEST_CASE("what only pointers lead to may always run, or never") {
  Scratch scratch;
  ScannedFile file(scratch.assemble(
      "a.o",
      function("callback", avx2, ".local") + ".data\n.globl table\ntable: .quad callback\n.size table, 8\n"));
  CHECK(file.verdicts() == "callback: avx2: unknown, only by pointer: a table holds its address\n");
}

TEST_CASE("a linked library: constructors and exports run, an ifunc's choices are dispatched") {
  Scratch scratch;
  scratch.assemble("a.o",
                   function("start", popcnt, ".local") +
                       ".section .init_array,\"aw\",@init_array\n.quad start\n.text\n" +
                       function("wide", avx2, ".local") + function("narrow", "ret", ".local") +
                       ".globl sum\n.type sum,@gnu_indirect_function\nsum:\n lea wide(%rip), %rax\n lea "
                       "narrow(%rip), %rdx\n"
                       " mov $7, %eax\n cpuid\n test $32, %ebx\n cmove %rdx, %rax\n ret\n.size sum, .-sum\n");
  REQUIRE(scratch.run("ld -shared a.o -o liba.so"));
  ScannedFile file(scratch.path("liba.so"));
  CHECK(file.verdicts() ==
        "start: popcnt: always, runs when the file is loaded\n"
        "wide: avx2: dispatched, chosen by the resolver `sum` of an ifunc\n");
}

TEST_CASE("a program runs its entry point, and what this hands on: main") {
  Scratch scratch;
  scratch.assemble("a.o",
                   function("_start", "popcnt %rax, %rax\n lea main(%rip), %rdi\n call start_main\n hlt") +
                       function("main", avx2, ".local") + function("other", avx2, ".local") +
                       function("start_main", "call *%rdi\n hlt"));
  REQUIRE(
      scratch.run("ld -pie --dynamic-linker=/lib64/ld-linux-x86-64.so.2 a.o -o program && strip program"));
  ScannedFile file(scratch.path("program"));
  CHECK(file.verdicts() ==
        ".text+0x0: popcnt: always, the program's entry point\n"
        ".text+0x20: avx2: always, the program's entry point hands it on to be run\n"
        ".text+0x30: avx2: unknown, nothing here is seen to reach it\n");
}

TEST_CASE("a function that runs on into the next one runs that too; one that ends in a call does not") {
  Scratch scratch;
  ScannedFile file(
      scratch.assemble("a.o",
                       ".globl api, stop\n"
                       ".type api,@function\napi: add %eax, %eax\n.size api, .-api\n"
                       ".type next,@function\nnext: vpaddd %ymm0, %ymm0, %ymm0\n ret\n.size next, .-next\n"
                       ".type stop,@function\nstop: call abort\n.size stop, .-stop\n"
                       ".type behind,@function\nbehind: popcnt %rax, %rax\n ret\n.size behind, .-behind\n"));
  CHECK(file.verdicts() ==
        "next: avx2: always, `api` goes on into it\n"
        "behind: popcnt: unknown, nothing here is seen to reach it\n");
}

TEST_CASE("facilities that the system grants never belong to what always runs") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", function("lock", "1: xbegin 1b\n xend\n ret") +
                                               function("rights", "xor %ecx, %ecx\n rdpkru\n ret")));
  CHECK(file.needs() == "always: -; unknown: rtm pku; all: rtm pku");
}
