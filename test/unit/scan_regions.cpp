// How an object is cut into stretches of code, and who calls whom.

#include <doctest/doctest.h>

#include "scan_inputs.hpp"

using namespace linkdx;
using linkdx::test::ScannedFile;
using linkdx::test::Scratch;

namespace {

/// `name address+size: calls`, a line each.
std::string stretches(const ScannedFile& file) {
  std::string text = file.error;
  for (const scan::ScannedObject& object : file.objects)
    for (const scan::ScannedCode& code : object.code) {
      text += fmt::format("{} {}+{}{}:", code.name, code.address, code.bytes.size(),
                          code.is_data() ? " data" : "");
      for (const scan::Use& call : code.calls)
        text += fmt::format(" {}@{}", object.code[call.index].name, call.at);
      text += '\n';
    }
  return text;
}

}  // namespace

TEST_CASE("functions in their symbols' bounds, and what lies between them") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", R"(
    .type f,@function
  f: call g
    jmp g
    .size f, .-f
    .p2align 4
    popcnt %rax, %rax
    ret
    .p2align 4
    .type g,@function
  g: ret
    .size g, .-g
)"));
  CHECK(stretches(file) ==
        "f 0+7: g@1\n"
        ".text+0x7 7+9:\n"
        ".text+0x10 16+16:\n"
        "g 32+1:\n");
}

TEST_CASE("a call into another section is found by its relocation") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", R"(
    .type f,@function
  f: nop
    call g
    .size f, .-f
    .section .text.g,"ax",@progbits
    .type g,@function
  g: ret
    .size g, .-g
)"));
  CHECK(stretches(file) == "f 0+6: g@2\ng 0+1:\n");
}

TEST_CASE("a name without a size has the bounds of the other name for the same function") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", R"(
    .type f,@function
    .type alias,@function
  f:
  alias: ret
    .size f, .-f
    .byte 0x06, 0x07
)"));
  CHECK(stretches(file) == "f 0+1:\nalias 0+1:\n.text+0x1 1+2 data:\n");
}

TEST_CASE("a table between functions is no code") {
  Scratch scratch;
  ScannedFile file(scratch.assemble("a.o", R"(
    .type f,@function
  f: ret
    .size f, .-f
    .p2align 4
    .byte 0x06, 0x07, 0x0e, 0x16, 0x17, 0x1e, 0x1f, 0x27, 0x2f, 0x37, 0x3f, 0x60, 0x61, 0x62, 0x06, 0x07
)"));
  CHECK(file.objects.front().code.back().is_data());
  CHECK(file.verdicts() == "");
}

TEST_CASE("a stripped library keeps its functions' bounds in unwind information") {
  Scratch scratch;
  scratch.assemble("a.o", R"(
    .globl api
    .type api,@function
  api: .cfi_startproc
    call inner
    ret
    .cfi_endproc
    .size api, .-api
    .type inner,@function
  inner: .cfi_startproc
    vpaddd %ymm0, %ymm0, %ymm0
    ret
    .cfi_endproc
    .size inner, .-inner
)");
  REQUIRE(scratch.run("ld -shared -s --eh-frame-hdr a.o -o liba.so"));
  ScannedFile file(scratch.path("liba.so"));
  CHECK(file.verdicts() == ".text+0x6: avx2: always, called by `api`\n");
}

namespace {

/// Local functions in a library without symbols and unwind information, behind `api`, which runs and holds
/// `body`.
std::string nameless(Scratch& scratch, std::string_view body, std::string_view rest, std::string_view triple,
                     std::string_view linker) {
  scratch.assemble(
      "a.o", fmt::format(".globl api\n.type api,%function\napi:\n{}\n.size api, .-api\n{}\n", body, rest),
      triple);
  REQUIRE(scratch.run(std::string(linker) + " -shared -s a.o -o liba.so"));
  return scratch.path("liba.so");
}

}  // namespace

TEST_CASE("of a row of functions without names only those run to which something leads") {
  Scratch scratch;
  ScannedFile file(nameless(scratch, "call tick\n ret", R"(
  try_aes: aesenc %xmm0, %xmm0
    ret
  tick: popcnt %rax, %rax
    ret
    nop
  try_sha: sha256rnds2 %xmm0, %xmm1
    ret
  try_avx2: vpaddd %ymm0, %ymm0, %ymm0
    ret)",
                            "x86_64-linux-gnu", "ld"));
  CHECK(file.verdicts() ==
        ".text+0x6: aes: unknown, nothing here is seen to reach it\n"
        ".text+0xc: popcnt: always, called by `api`\n"
        ".text+0x13: sha: unknown, nothing here is seen to reach it\n"
        ".text+0x18: avx2: unknown, nothing here is seen to reach it\n");
}

TEST_CASE("a function without a name is whole: what it jumps to behind a return is its own") {
  Scratch scratch;
  ScannedFile file(nameless(scratch, "call inner\n ret", R"(
  inner: test %edi, %edi
    jne 1f
    popcnt %rax, %rax
    ret
  1: vpaddd %ymm0, %ymm0, %ymm0
    ret)",
                            "x86_64-linux-gnu", "ld"));
  CHECK(file.verdicts() == ".text+0x6: popcnt avx2: always, called by `api`\n");
}

TEST_CASE("behind a jump by a table nothing is taken for an end") {
  Scratch scratch;
  ScannedFile file(nameless(scratch, "call inner\n ret", R"(
  inner: jmp *%rax
    popcnt %rax, %rax
    ret
    vpaddd %ymm0, %ymm0, %ymm0
    ret)",
                            "x86_64-linux-gnu", "ld"));
  CHECK(file.verdicts() == ".text+0x6: popcnt avx2: always, called by `api`\n");
}

TEST_CASE("AArch64: a row of functions that try what the CPU knows, and one that is called") {
  Scratch scratch;
  ScannedFile file(nameless(scratch, "bl tick\n ret", R"(
    .arch armv8-a+crypto+sha3
  try_aes: aese v0.16b, v0.16b
    ret
  tick: mrs x0, CNTVCT_EL0
    ret
  try_sha512: sha512su0 v0.2d, v0.2d
    ret)",
                            "aarch64-linux-gnu", "$(command -v ld.lld-19 || echo ld.lld)"));
  CHECK(file.verdicts() ==
        ".text+0x8: aes: unknown, nothing here is seen to reach it\n"
        ".text+0x18: sha3: unknown, nothing here is seen to reach it\n");
}

TEST_CASE("an empty file and one that is cut short are told, not scanned") {
  Scratch scratch;
  CHECK(ScannedFile(scratch.write("empty.o", "")).error != "");
  const std::string whole = test::read_file(scratch.assemble("a.o", "f: ret\n"));
  for (std::size_t size = 1; size < whole.size(); size += 7) {
    ScannedFile file(scratch.write("cut.o", std::string_view(whole).substr(0, size)));
    CHECK(file.verdicts() == file.error);
  }
}
