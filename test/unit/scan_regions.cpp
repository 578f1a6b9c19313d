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

TEST_CASE("an empty file and one that is cut short are told, not scanned") {
  Scratch scratch;
  CHECK(ScannedFile(scratch.write("empty.o", "")).error != "");
  const std::string whole = test::read_file(scratch.assemble("a.o", "f: ret\n"));
  for (std::size_t size = 1; size < whole.size(); size += 7) {
    ScannedFile file(scratch.write("cut.o", std::string_view(whole).substr(0, size)));
    CHECK(file.verdicts() == file.error);
  }
}
