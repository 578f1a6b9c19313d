// What instructions need where LLVM enforces features: z/Architecture and MIPS.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "linkdx/isa.hpp"

using namespace linkdx::isa;

namespace {

using Bytes = std::vector<std::uint8_t>;

std::string words(const CodeNeeds& code) {
  std::string text;
  for (const std::string& name : code.features.names()) text += (text.empty() ? "" : " ") + name;
  if (code.undecoded > 0) text += " (" + std::to_string(code.undecoded) + " bytes undecoded)";
  return text;
}

std::string systemz(const Bytes& bytes) {
  return words(from_code(Arch::SystemZ, bytes));
}

CodeMode mode_of(bool big_endian, const char* declared = nullptr, bool compressed = false) {
  CodeMode mode;
  mode.big_endian = big_endian;
  mode.thumb = compressed;
  mode.declared = FeatureSet(Arch::Mips64);
  if (declared != nullptr) mode.declared.add(declared);
  return mode;
}

/// Given as words; both byte orders must say the same.
std::string mips64(std::uint32_t word, const char* declared = nullptr) {
  Bytes big, little;
  for (int i = 0; i < 4; ++i) {
    little.push_back(static_cast<std::uint8_t>(word >> 8 * i));
    big.push_back(static_cast<std::uint8_t>(word >> (24 - 8 * i)));
  }
  std::string result = words(from_code(Arch::Mips64, little, 0, nullptr, mode_of(false, declared)));
  CHECK(words(from_code(Arch::Mips64, big, 0, nullptr, mode_of(true, declared))) == result);
  return result;
}

}  // namespace

TEST_CASE("z/Architecture: features by facility") {
  CHECK(systemz({0xb9, 0x04, 0x00, 0x23, 0x07, 0xfe}) == "");                       // lgr %r2, %r3; br %r14
  CHECK(systemz({0xb9, 0xe8, 0x30, 0x12}) == "distinct-ops");                       // agrk %r1, %r2, %r3
  CHECK(systemz({0xb9, 0xe2, 0x80, 0x12}) == "load-store-on-cond");                 // locgrhe %r1, %r2
  CHECK(systemz({0xb2, 0xf8, 0x00, 0x00}) == "transactional-execution");            // tend
  CHECK(systemz({0xe7, 0x12, 0x30, 0x00, 0x00, 0xf3}) == "vector");                 // vab %v1, %v2, %v3
  CHECK(systemz({0xe7, 0x12, 0x30, 0x08, 0x20, 0xe3}) == "vector-enhancements-1");  // wfasb %f1, %f2, %f3
  CHECK(systemz({0xb9, 0x3b, 0x00, 0x00}) == "nnp-assist");                         // nnpa
}

TEST_CASE("z/Architecture: lengths are kept after bytes that are no instruction") {
  CHECK(systemz({0x00, 0x00, 0xe7, 0x12, 0x30, 0x00, 0x00, 0xf3, 0x07}) == "vector (3 bytes undecoded)");
}

TEST_CASE("z/Architecture: the distance of a call stands behind its first two bytes") {
  std::vector<Branch> branches;
  from_code(Arch::SystemZ, Bytes{0x07, 0x07, 0xc0, 0xe5, 0, 0, 0, 0x80}, 0x1000,
            &branches);  // nopr; brasl %r14, .+0x100
  REQUIRE(branches.size() == 1);
  CHECK(branches[0].field == 4);
  CHECK(branches[0].target == 0x1102);
}

TEST_CASE("MIPS: features by level and extension, in both byte orders") {
  CHECK(mips64(0x0064102d) == "mips3");     // daddu $2, $3, $4
  CHECK(mips64(0x7c031420) == "mips32r2");  // seb $2, $3
  CHECK(mips64(0x7803104e) == "msa");       // addv.b $w1, $w2, $w3
  CHECK(mips64(0x7c641010) == "dsp");       // addu.qb $2, $3, $4
  CHECK(mips64(0x7c641351) == "dspr2");     // precr.qb.ph $2, $3, $4
  CHECK(mips64(0x70641028) == "cnmips");    // baddu $2, $3, $4
}

TEST_CASE("MIPS: an encoding that Release 6 took over is read as the object says") {
  CHECK(mips64(0x7c62000f) == " (4 bytes undecoded)");  // crc32b $2, $3, $2
  CHECK(mips64(0x7c62000f, "mips32r6") == "crc mips32r6");
}

TEST_CASE("MIPS: compressed encodings are not taken for instructions of four bytes") {
  CHECK(words(from_code(Arch::Mips64, Bytes{0x2d, 0x10, 0x64, 0x00}, 0, nullptr,
                        mode_of(false, nullptr, true))) == " (4 bytes undecoded)");
}
