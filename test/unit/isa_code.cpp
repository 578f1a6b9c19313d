// What instructions need, byte by byte.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "linkdx/isa.hpp"

using namespace linkdx::isa;

namespace {

using Bytes = std::vector<std::uint8_t>;

std::string needs(Arch arch, const Bytes& bytes) {
  CodeNeeds code = from_code(arch, bytes);
  std::string text;
  for (const std::string& name : code.features.names()) text += (text.empty() ? "" : " ") + name;
  if (code.undecoded > 0) text += " (" + std::to_string(code.undecoded) + " bytes undecoded)";
  return text;
}
std::string x86(const Bytes& bytes) {
  return needs(Arch::X86_64, bytes);
}
std::string a64(std::uint32_t word) {
  return needs(Arch::AArch64, {static_cast<std::uint8_t>(word), static_cast<std::uint8_t>(word >> 8),
                               static_cast<std::uint8_t>(word >> 16), static_cast<std::uint8_t>(word >> 24)});
}

}  // namespace

TEST_CASE("x86: plain instructions need nothing") {
  CHECK(x86({0x48, 0x89, 0xe5, 0xc3}) == "");                 // mov rbp, rsp; ret
  CHECK(x86({0xf3, 0x90}) == "");                             // pause
  CHECK(x86({0xf3, 0x0f, 0x1e, 0xfa}) == "");                 // endbr64
  CHECK(x86({0x66, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0}) == "");  // nop word ptr [rax + rax]
  CHECK(x86({0xf3, 0x48, 0x0f, 0xbc, 0xc1}) == "");           // rep bsf rax, rcx
  CHECK(x86({0x0f, 0x0d, 0x08}) == "");                       // prefetchw [rax]
}

TEST_CASE("x86: lzcnt gives another result where it is bsr, so it is needed") {
  CHECK(x86({0xf3, 0x48, 0x0f, 0xbd, 0xc1}) == "lzcnt");
}

TEST_CASE("x86: VEX against EVEX, and the vector length") {
  CHECK(x86({0xc5, 0xf5, 0xfe, 0xc2}) == "avx2");                          // vpaddd ymm0, ymm1, ymm2
  CHECK(x86({0x62, 0xf1, 0x75, 0x28, 0xfe, 0xc2}) == "avx512f avx512vl");  // vpaddd ymm0, ymm1, ymm2 (EVEX)
  CHECK(x86({0x62, 0xf1, 0x75, 0x48, 0xfe, 0xc2}) == "avx512f");           // vpaddd zmm0, zmm1, zmm2
  CHECK(x86({0x62, 0xf1, 0x75, 0x48, 0xfd, 0xc2}) == "avx512bw");          // vpaddw zmm0, zmm1, zmm2
  CHECK(x86({0xc5, 0xf8, 0x92, 0xc8}) == "avx512f");                       // kmovw k1, eax
}

TEST_CASE("x86: VEX.128 vpclmulqdq is AVX and PCLMUL, the 512-bit form VPCLMULQDQ") {
  CHECK(x86({0xc4, 0xe3, 0x79, 0x44, 0xc1, 0x11}) == "pclmul avx");
  CHECK(x86({0x62, 0xf3, 0x7d, 0x48, 0x44, 0xc1, 0x11}) == "avx512f vpclmulqdq");
}

TEST_CASE("x86: data in code is counted, and the rest is read") {
  CHECK(x86({0x06, 0xc5, 0xf5, 0xfe, 0xc2}) == "avx2 (1 bytes undecoded)");
  CHECK(x86({0xc4}) == " (1 bytes undecoded)");
}

TEST_CASE("x86: the witness is the first instruction that forces a feature") {
  CodeNeeds code =
      from_code(Arch::X86_64, Bytes{0x90, 0xc5, 0xf5, 0xfe, 0xc2, 0xc5, 0xf5, 0xfe, 0xc3}, 0x1000);
  REQUIRE(code.witnesses.size() == 1);
  CHECK(code.witnesses[0].feature == "avx2");
  CHECK(code.witnesses[0].offset == 1);
  CHECK(code.witnesses[0].disassembly == "vpaddd ymm0, ymm1, ymm2");
  CHECK(code.instructions == 3);
}

TEST_CASE("x86: a feature that compilers turn on for no CPU has a CPU that runs it") {
  CodeNeeds code = from_code(Arch::X86_64, Bytes{0xc7, 0xf8, 0, 0, 0, 0});  // xbegin
  CHECK(code.features.names() == std::vector<std::string>{"rtm"});
  CHECK(!recommended_level(code.features));
  REQUIRE(level_that_runs(code.features));
  CHECK(level_that_runs(code.features)->name == "sapphirerapids");
}

TEST_CASE("i386: prefixes and addresses of 16 bits, LES and LDS against VEX") {
  CHECK(needs(Arch::X86, {0x67, 0x0f, 0x6f, 0x06, 0x34, 0x12, 0xc3}) == "mmx");  // movq mm0, [0x1234]; ret
  CHECK(needs(Arch::X86, {0xc5, 0x08, 0xc3}) == "");                             // lds ecx, [eax]; ret
  CHECK(needs(Arch::X86, {0xc5, 0xf5, 0xfe, 0xc2}) == "avx2");                   // vpaddd ymm0, ymm1, ymm2
  CHECK(needs(Arch::X86, {0x62, 0xf1, 0x75, 0x28, 0xfe, 0xc2}) == "avx512f avx512vl");  // the same as EVEX
  CHECK(needs(Arch::X86, {0x62, 0x08, 0xc3}) == "");  // bound ecx, [eax]; ret
  CHECK(needs(Arch::X86, {0x40, 0x48, 0xc3}) == "");  // inc eax; dec eax; ret
}

TEST_CASE("i386: what x86-64 always has is a need there") {
  CHECK(needs(Arch::X86, {0x66, 0x0f, 0xfe, 0xc1}) == "sse2");  // paddd xmm0, xmm1
  CHECK(needs(Arch::X86, {0xd5, 0x0a}) == "");                  // aad, no REX2
}

TEST_CASE("AArch64: LLVM's enforcement tells what an instruction needs") {
  CHECK(a64(0x8b010000) == "");               // add x0, x0, x1
  CHECK(a64(0xd503201f) == "");               // nop
  CHECK(a64(0xd503237f) == "");               // pacibsp, a hint that older cores ignore
  CHECK(a64(0x4ea18400) == "neon");           // add v0.4s, v0.4s, v1.4s
  CHECK(a64(0xb8e00020) == "lse");            // ldaddal w0, w0, [x1]
  CHECK(a64(0x4e829420) == "dotprod");        // sdot v0.4s, v1.16b, v2.16b
  CHECK(a64(0x4e82a420) == "i8mm");           // smmla v0.4s, v1.16b, v2.16b
  CHECK(a64(0x4e285820) == "aes");            // aesmc / aesd
  CHECK(a64(0x4e421420) == "neon fullfp16");  // fadd v0.8h, v1.8h, v2.8h
  CHECK(a64(0x9ac24c20) == "crc");            // crc32x w0, w1, x2
}

TEST_CASE("AArch64: what SVE and streaming SVE both allow is SVE in ordinary code") {
  CHECK(a64(0x25e007e1) == "sve");  // whilelt p1.d, wzr, w0
  CHECK(a64(0xa5e0a420) == "sve");  // ld1d { z0.d }, p1/z, [x1]
}

TEST_CASE("AArch64: words that are no instruction and odd bytes at the end are counted") {
  CHECK(a64(0xffffffff) == " (4 bytes undecoded)");
  CHECK(needs(Arch::AArch64, {0x1f, 0x20, 0x03, 0xd5, 0x00, 0x00}) == " (2 bytes undecoded)");
}

TEST_CASE("an architecture without a scanner decodes nothing and says so") {
  CHECK(!supported(Arch::Unknown));
  CHECK(needs(Arch::Unknown, {1, 2, 3}) == " (3 bytes undecoded)");
}

TEST_CASE("branches that leave the bytes are told, with the place of their distance") {
  std::vector<Branch> branches;
  from_code(Arch::X86_64, Bytes{0xe8, 0x10, 0, 0, 0, 0xeb, 0x00, 0xc3}, 0x1000,
            &branches);  // call +0x10; jmp +0; ret
  REQUIRE(branches.size() == 2);
  CHECK(branches[0].field == 1);
  CHECK(branches[0].target == 0x1015);
  CHECK(branches[1].field == 6);  // a distance of 0 may be one that a relocation fills in
  branches.clear();
  from_code(Arch::AArch64, Bytes{0x04, 0x00, 0x00, 0x94, 0xc0, 0x03, 0x5f, 0xd6}, 0x1000,
            &branches);  // bl +16; ret
  REQUIRE(branches.size() == 1);
  CHECK(branches[0].field == 0);
  CHECK(branches[0].target == 0x1010);
}

TEST_CASE("branches inside the bytes are not told") {
  std::vector<Branch> branches;
  from_code(Arch::X86_64, Bytes{0x74, 0x01, 0x90, 0xc3}, 0x1000, &branches);  // je +1; nop; ret
  CHECK(branches.empty());
}
