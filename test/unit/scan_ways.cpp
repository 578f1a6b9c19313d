// Calls behind conditions: where a caller may have been told what the CPU has, and where it cannot have been.

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

const std::string avx2 = "vpbroadcastd (%rdi), %ymm0\n vpaddd %ymm0, %ymm0, %ymm0\n ret";
/// Somebody in the file asks the CPU and hands the answer to others.
const std::string asker = function("detect", "xor %eax, %eax\n cpuid\n mov %ebx, (%rdi)\n ret");

}  // namespace

TEST_CASE("a call behind a condition with another call in its place may be chosen by what others asked") {
  Scratch scratch;
  const std::string api = function("api", "test %edi, %edi\n je 1f\n jmp wide\n1: jmp plain");
  const std::string rest = function("wide", avx2, ".local") + function("plain", "ret", ".local");
  CHECK(ScannedFile(scratch.assemble("asks.o", api + rest + asker)).verdicts() ==
        "wide: avx2: unknown, called by `api` behind a condition, which may be what others asked the CPU\n");
  CHECK(ScannedFile(scratch.assemble("asks-not.o", api + rest)).verdicts() ==
        "wide: avx2: always, called by `api`\n");
}

TEST_CASE("an early return is no choice: what is left out is not done in another way") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", function("api", "test %edi, %edi\n je 1f\n call work\n1: ret") +
                                               function("work", avx2, ".local") + asker));
  CHECK(file.verdicts() == "work: avx2: always, called by `api`\n");
}

TEST_CASE("a kernel by its name that a condition leaves out may be chosen, whatever is done instead") {
  Scratch scratch;
  ScannedFile file(
      scratch.assemble("a.o", function("api", "test %edi, %edi\n je 1f\n call work_avx2\n1: ret") +
                                  function("work_avx2", avx2, ".local") + asker));
  CHECK(file.verdicts() ==
        "work_avx2: avx2: unknown, called by `api` behind a condition, which may be what others asked the "
        "CPU\n");
}

TEST_CASE("what every way passes is run, also in a function that asks") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", function("api", R"(
    mov __cpu_model+12(%rip), %eax
    test $4, %al
    je 1f
    call chosen
  1: call work
    ret)") + function("chosen", avx2, ".local") +
                                               function("work", avx2, ".local")));
  CHECK(file.verdicts() ==
        "chosen: avx2: dispatched, called by `api`, which reads `__cpu_model`\n"
        "work: avx2: always, called by `api`\n");
}

TEST_CASE("a question behind the call is no reason for it") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", function("api", R"(
    test %edi, %edi
    je 1f
    call work
    mov __cpu_model+12(%rip), %eax
    test $4, %al
    je 1f
    call chosen
  1: ret)") + function("work", avx2, ".local") +
                                               function("chosen", avx2, ".local")));
  CHECK(file.verdicts() ==
        "work: avx2: always, called by `api`\n"
        "chosen: avx2: dispatched, called by `api`, which reads `__cpu_model`\n");
}

TEST_CASE("a jump to what stands behind it leads there, and not out of the function") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", function("api", R"(
    mov __cpu_model+12(%rip), %eax
    test $4, %al
    je 1f
    call chosen
  1: .byte 0xe9, 0, 0, 0, 0
    call work
    ret)") + function("chosen", avx2, ".local") +
                                               function("work", avx2, ".local")));
  CHECK(file.verdicts() ==
        "chosen: avx2: dispatched, called by `api`, which reads `__cpu_model`\n"
        "work: avx2: always, called by `api`\n");
}

TEST_CASE("a choice in a loop is one") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", function("api", R"(
  1: test %edi, %edi
    je 2f
    call wide
    jmp 3f
  2: call plain
  3: dec %ecx
    jne 1b
    ret)") + function("wide", avx2, ".local") + function("plain", "ret", ".local") +
                                               asker));
  CHECK(file.verdicts() ==
        "wide: avx2: unknown, called by `api` behind a condition, which may be what others asked the CPU\n");
}

TEST_CASE("code that no compiler makes by itself is meant for those who ask, where the file asks at all") {
  Scratch scratch;
  const std::string seal =
      function("seal", "call rounds\n ret") + function("rounds", "aesenc %xmm1, %xmm0\n ret", ".local");
  CHECK(ScannedFile(scratch.assemble("asks.o", seal + asker)).verdicts() ==
        "rounds: aes: unknown, called by `seal`\n");
  CHECK(ScannedFile(scratch.assemble("asks-not.o", seal)).verdicts() ==
        "rounds: aes: always, called by `seal`\n");
}

TEST_CASE("vectors that a function takes in wide registers come from callers that were compiled for them") {
  Scratch scratch;
  CHECK(ScannedFile(scratch.assemble("a.o", function("twice", "vaddps %ymm0, %ymm0, %ymm1\n ret") +
                                                function("zero", "vxorps %ymm1, %ymm1, %ymm1\n ret")))
            .verdicts() ==
        "twice: avx: unknown, it takes vectors from its callers that only code compiled for them passes\n"
        "zero: avx: always, global: others may call it\n");
}

TEST_CASE("a data symbol between functions does not run on into the next") {
  Scratch scratch;
  ScannedFile file(scratch.assemble(
      "a.o", ".text\n.globl version\nversion: .long 0x24\n" + function("work", avx2, ".local")));
  CHECK(file.verdicts() == "work: avx2: unknown, nothing here is seen to reach it\n");
}

TEST_CASE("one of a row of kernels may begin with a word of the project's own") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", function("avx2_run", avx2) +
                                               function("avx512_run", "vpaddd (%rdi), %zmm0, %zmm0\n ret") +
                                               function("modern_run", avx2)));
  CHECK(file.verdicts() ==
        "avx2_run: avx2: unknown, others may call it, and its name says `avx2`: whether they ask the CPU is "
        "not seen\n"
        "avx512_run: avx512f: unknown, others may call it, and its name says `avx512`: whether they ask the "
        "CPU is not seen\n"
        "modern_run: avx2: unknown, others may call it, and 2 functions of this file have the word for a CPU "
        "where it "
        "has `modern`: whether they ask the CPU is not seen\n");
}
