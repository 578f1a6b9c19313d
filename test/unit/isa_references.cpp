// Places that code names, from bytes as assemblers write them.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "linkdx/isa.hpp"

using namespace linkdx::isa;

namespace {

std::string text_of(const CodeReferences& references) {
  constexpr std::string_view uses[] = {"address", "read", "write", "write through", "call"};
  std::string text;
  for (const Reference& place : references.places)
    text += fmt::format("{} {:#x} at {:#x}\n", uses[static_cast<int>(place.use)], place.target, place.field);
  if (references.asks_cpu) text += fmt::format("asks at {:#x}\n", *references.asks_cpu);
  for (const std::uint64_t condition : references.conditions)
    text += fmt::format("condition at {:#x}\n", condition);
  return text;
}

}  // namespace

TEST_CASE("x86-64: what is done with places relative to the instruction") {
  const std::uint8_t code[] = {
      0x48, 0x8d, 0x05, 0xf9, 0x0f, 0, 0,           // 0: lea rax, [rip + 0xff9]
      0x8b, 0x0d, 0xf3, 0x1f, 0,    0,              // 7: mov ecx, [rip + 0x1ff3]
      0xf7, 0x05, 0xe9, 0x1f, 0,    0, 0, 1, 0, 0,  // d: test dword [rip + 0x1fe9], 0x100
      0x89, 0x05, 0xe3, 0x2f, 0,    0,              // 17: mov [rip + 0x2fe3], eax
      0xff, 0x15, 0xdd, 0x3f, 0,    0,              // 1d: call [rip + 0x3fdd]
      0x0f, 0xa2,                                   // 23: cpuid
      0x0f, 0x01, 0xd0,                             // 25: xgetbv
      0x75, 0xfe,                                   // 28: jne
      0x64, 0x8b, 0x04, 0x25, 0x28, 0, 0, 0,        // 2a: mov eax, fs:[0x28]
      0x0f, 0x28, 0x05, 0,    0,    0, 0,           // 32: movaps xmm0, [rip]: a constant
      0x8b, 0x05,                                   // 39: cut off
  };
  CHECK(text_of(references_of(Arch::X86_64, code, 0x400000)) ==
        "address 0x401000 at 0x3\n"
        "read 0x402000 at 0x9\n"
        "read 0x402000 at 0xf\n"
        "write 0x403000 at 0x19\n"
        "call 0x404000 at 0x1f\n"
        "asks at 0x23\n"
        "condition at 0x28\n");
}

TEST_CASE("AArch64: pages and what is added to them") {
  const std::uint32_t words[] = {
      0x90000000,  // adrp x0, .
      0x91010001,  // add x1, x0, #0x40
      0xb9400802,  // ldr w2, [x0, #8]
      0xb9000803,  // str w3, [x0, #8]
      0xd5380604,  // mrs x4, id_aa64isar0_el1
      0x54000040,  // b.eq
      0x97ffffff,  // bl: registers are lost
      0x91010001,  // add x1, x0, #0x40
      0x10000045,  // adr x5, .+8
  };
  CHECK(text_of(references_of(Arch::AArch64, {reinterpret_cast<const std::uint8_t*>(words), sizeof words},
                              0x10010)) ==
        "address 0x10040 at 0x4\n"
        "read 0x10008 at 0x8\n"
        "write 0x10008 at 0xc\n"
        "address 0x10038 at 0x20\n"
        "asks at 0x10\n"
        "condition at 0x14\n");
}

TEST_CASE("AArch64: an address in a register that calls keep is written through later") {
  const std::uint32_t words[] = {
      0x90000013,  // adrp x19, .
      0x91010273,  // add x19, x19, #0x40
      0x97ffffff,  // bl
      0xb9000a60,  // str w0, [x19, #8]
      0xb9400a61,  // ldr w1, [x19, #8]: of what x19 points to
      0x14000002,  // b .+8
      0xb9000a60,  // str w0, [x19, #8]: from elsewhere
  };
  CHECK(text_of(references_of(Arch::AArch64, {reinterpret_cast<const std::uint8_t*>(words), sizeof words},
                              0x10000)) ==
        "address 0x10040 at 0x4\n"
        "write 0x10048 at 0xc\n");
}

TEST_CASE("AArch64: what all branches to a place agree on is known there") {
  const std::uint32_t words[] = {
      0x90000013,  // adrp x19, .
      0x91010273,  // add x19, x19, #0x40
      0x90000014,  // adrp x20, .
      0x91020294,  // add x20, x20, #0x80
      0xb4000080,  // cbz x0, .+16
      0x91000694,  // add x20, x20, #1
      0xb4000040,  // cbz x0, .+8
      0xd65f03c0,  // ret
      0xb9000261,  // str w1, [x19]: from both branches
      0xb9000281,  // str w1, [x20]: one of them came with another x20
      0xd65f03c0,  // ret
      0xb9000260,  // str w0, [x19]: nothing that is seen leads here
  };
  CHECK(text_of(references_of(Arch::AArch64, {reinterpret_cast<const std::uint8_t*>(words), sizeof words},
                              0x10000)) ==
        "address 0x10040 at 0x4\n"
        "address 0x10080 at 0xc\n"
        "write 0x10040 at 0x20\n"
        "condition at 0x10\n"
        "condition at 0x18\n");
}

TEST_CASE("AArch64: a pointer of the global offset table is loaded, and written through later") {
  const std::uint32_t words[] = {
      0x90000014,  // adrp x20, .
      0xf9400a94,  // ldr x20, [x20, #16]
      0x97ffffff,  // bl
      0xb9000281,  // str w1, [x20]
      0xb9400282,  // ldr w2, [x20]
  };
  CHECK(text_of(references_of(Arch::AArch64, {reinterpret_cast<const std::uint8_t*>(words), sizeof words},
                              0x10000)) ==
        "read 0x10010 at 0x4\n"
        "write through 0x10010 at 0x4\n");
}

TEST_CASE("any bytes, and architectures that are not read") {
  std::uint8_t bytes[300];
  std::uint32_t state = 1;
  for (std::uint8_t& byte : bytes)
    byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  for (std::size_t size = 0; size <= sizeof bytes; ++size)
    for (const Reference& place : references_of(Arch::X86_64, {bytes, size}).places)
      CHECK(place.field + 4 <= size);
  CHECK(text_of(references_of(Arch::RiscV64, {bytes, sizeof bytes})) == "");
}
