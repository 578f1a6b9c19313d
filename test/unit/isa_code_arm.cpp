// What A32 and T32 instructions need. Bytes are in memory order, as llvm-mc -show-encoding prints them.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "linkdx/isa.hpp"

using namespace linkdx::isa;

namespace {

using Bytes = std::vector<std::uint8_t>;

std::string needs(const Bytes& bytes, const CodeMode& mode) {
  const CodeNeeds code = from_code(Arch::Arm, bytes, 0x1000, nullptr, mode);
  std::string text;
  for (const std::string& name : code.features.names()) text += (text.empty() ? "" : " ") + name;
  if (code.undecoded > 0) text += " (" + std::to_string(code.undecoded) + " bytes undecoded)";
  return text;
}
std::string a32(const Bytes& bytes) {
  return needs(bytes, {});
}
std::string t32(const Bytes& bytes) {
  return needs(bytes, {.thumb = true});
}

}  // namespace

TEST_CASE("A32: versions of the architecture") {
  CHECK(a32({0x02, 0x00, 0x81, 0xe0}) == "");                 // add r0, r1, r2
  CHECK(a32({0x11, 0x0f, 0x6f, 0xe1}) == "v5t");              // clz r0, r1
  CHECK(a32({0x00, 0x00, 0x00, 0xfa}) == "v5t");              // blx to T32
  CHECK(a32({0x01, 0x00, 0x00, 0xe3}) == "v6t2");             // movw r0, #1
  CHECK(a32({0x5b, 0xf0, 0x7f, 0xf5}) == "db");               // dmb ish
  CHECK(a32({0x11, 0xf2, 0x10, 0xe7}) == "hwdiv-arm");        // sdiv r0, r1, r2
  CHECK(a32({0x9f, 0x0c, 0x91, 0xe1}) == "acquire-release");  // lda r0, [r1]
}

TEST_CASE("A32: floating-point units, and the registers that not all have") {
  CHECK(a32({0x02, 0x0b, 0x31, 0xee}) == "vfp2");       // vadd.f64 d0, d1, d2
  CHECK(a32({0x02, 0x0b, 0x71, 0xee}) == "vfp2 d32");   // vadd.f64 d16, d1, d2: the same opcode
  CHECK(a32({0x00, 0x0a, 0xb7, 0xee}) == "vfp3d16sp");  // vmov.f32 s0, #1.0
  CHECK(a32({0x81, 0x0a, 0xa0, 0xee}) == "vfp4d16sp");  // vfma.f32 s0, s1, s2
  CHECK(a32({0x44, 0x08, 0x22, 0xf2}) == "neon");       // vadd.i32 q0, q1, q2
}

TEST_CASE("A32: extensions of ARMv8") {
  CHECK(a32({0x42, 0x00, 0x41, 0xe1}) == "crc");            // crc32w r0, r1, r2
  CHECK(a32({0x44, 0x0d, 0x22, 0xfc}) == "dotprod");        // vsdot.s8 q0, q1, q2
  CHECK(a32({0x44, 0x0d, 0x12, 0xf2}) == "neon fullfp16");  // vadd.f16 q0, q1, q2
  CHECK(a32({0x44, 0x0c, 0x22, 0xfc}) == "i8mm");           // vsmmla.s8 q0, q1, q2
  CHECK(a32({0x54, 0x0b, 0x12, 0xf3}) == "neon v8.1a");     // vqrdmlah.s16 q0, q1, q2
}

TEST_CASE("T32: two and four bytes, and blocks of IT") {
  CHECK(t32({0x70, 0x47}) == "");                                // bx lr
  CHECK(t32({0x01, 0xeb, 0x02, 0x00}) == "thumb2");              // add.w r0, r1, r2
  CHECK(t32({0x08, 0xbf, 0x08, 0x46, 0x70, 0x47}) == "thumb2");  // it eq; moveq r0, r1; bx lr
  CHECK(t32({0x22, 0xef, 0x44, 0x08}) == "neon");                // vadd.i32 q0, q1, q2
  CHECK(t32({0x91, 0xfb, 0xf2, 0xf0}) == "v8m hwdiv");           // sdiv r0, r1, r2
}

TEST_CASE("T32: an IT block at the end of one function says nothing about the next") {
  CHECK(t32({0x08, 0xbf}) == "thumb2");
  CHECK(t32({0x00, 0xe0}) == "");  // b: only unconditional outside
}

TEST_CASE("T32: MVE and NEON share encodings, and only what the object declares tells them apart") {
  const Bytes vadd_i32 = {0x22, 0xef, 0x44, 0x08};
  CodeMode m_profile{.thumb = true, .declared = FeatureSet(Arch::Arm)};
  m_profile.declared.add("mclass");
  CHECK(t32(vadd_i32) == "neon");
  CHECK(needs(vadd_i32, m_profile) == "mve");
  CHECK(t32({0x90, 0xed, 0x00, 0x1f}) == "mve");  // vldrw.u32 q0, [r0]: no other extension has it
}

TEST_CASE("big-endian instructions") {
  CHECK(needs({0xee, 0x31, 0x0b, 0x02}, {.big_endian = true}) == "vfp2");
  CHECK(needs({0xeb, 0x01, 0x00, 0x02}, {.big_endian = true, .thumb = true}) == "thumb2");
}

TEST_CASE("what an instruction loads from behind the code is no code") {
  // vldr d0, [pc]; bx lr; then bytes that would be vadd.i32 q0, q1, q2 twice
  CHECK(a32({0x00, 0x0b, 0x9f, 0xed, 0x1e, 0xff, 0x2f, 0xe1, 0x44, 0x08, 0x22, 0xf2, 0x44, 0x08, 0x22,
             0xf2}) == "v4t vfp2sp");
  // ldr r0, [pc]; bx lr; then bytes that would be vadd.i32 q0, q1, q2
  CHECK(t32({0x00, 0x48, 0x70, 0x47, 0x22, 0xef, 0x44, 0x08}) == "");
}

TEST_CASE("ARM branches that leave the code") {
  std::vector<Branch> branches;
  from_code(Arch::Arm, Bytes{0x02, 0x00, 0x00, 0xeb, 0xfe, 0xff, 0xff, 0xeb}, 0x1000,
            &branches);  // bl +16; bl as assemblers leave it
  REQUIRE(branches.size() == 2);
  CHECK(branches[0].target == 0x1010);
  CHECK(branches[1].field == 4);
  CHECK(branches[1].target == 0x1004);
  branches.clear();
  from_code(Arch::Arm, Bytes{0x00, 0xf0, 0x0e, 0xf8, 0xff, 0xf7, 0xfe, 0xff}, 0x1000, &branches,
            {.thumb = true});  // the same in T32
  REQUIRE(branches.size() == 2);
  CHECK(branches[0].target == 0x1020);
  CHECK(branches[1].target == 0x1004);
}
