// What RISC-V instructions need. Bytes are in memory order, as llvm-mc -show-encoding prints them.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "linkdx/isa.hpp"

using namespace linkdx::isa;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// Beyond rv64gc.
std::string rv64(const Bytes& bytes, const CodeMode& mode = {}) {
  const CodeNeeds code = from_code(Arch::RiscV64, bytes, 0x1000, nullptr, mode);
  std::string text;
  for (const std::string& name : code.features.minus(baseline(Arch::RiscV64)).names())
    text += (text.empty() ? "" : " ") + name;
  if (code.undecoded > 0) text += " (" + std::to_string(code.undecoded) + " bytes undecoded)";
  return text;
}

}  // namespace

TEST_CASE("RISC-V: the baseline is rv64gc") {
  CHECK(rv64({0x33, 0x85, 0xc5, 0x00}) == "");  // add a0, a1, a2
  CHECK(rv64({0x2e, 0x95}) == "");              // c.add a0, a1
  CHECK(rv64({0x33, 0x85, 0xc5, 0x02}) == "");  // mul a0, a1, a2
  CHECK(rv64({0x2f, 0x25, 0xb6, 0x00}) == "");  // amoadd.w a0, a1, (a2)
  CHECK(rv64({0x53, 0xf5, 0xc5, 0x02}) == "");  // fadd.d fa0, fa1, fa2
  CHECK(rv64({0x08, 0x21}) == "");              // c.fld fa0, 0(a0)
  CHECK(rv64({0x0f, 0x10, 0x00, 0x00}) == "");  // fence.i
}

TEST_CASE("RISC-V: extensions, the smallest that has the instruction") {
  CHECK(rv64({0x33, 0xa5, 0xc5, 0x20}) == "zba");     // sh1add a0, a1, a2
  CHECK(rv64({0x57, 0xf5, 0x05, 0x0d}) == "zve32x");  // vsetvli a0, a1, e32, m1, ta, ma
  CHECK(rv64({0xd7, 0x90, 0x21, 0x02}) == "zve32f");  // vfadd.vv v1, v2, v3
  CHECK(rv64({0x87, 0x70, 0x05, 0x02}) == "zve64x");  // vle64.v v1, (a0)
  CHECK(rv64({0xf7, 0xa0, 0x23, 0xa6}) == "zvkned");  // vaesz.vs v1, v2
  CHECK(rv64({0x33, 0xd5, 0xc5, 0x0e}) == "zicond");  // czero.eqz a0, a1, a2
  CHECK(rv64({0x88, 0x81}) == "zcb");                 // c.lbu a0, 0(a1)
}

TEST_CASE("RISC-V: where two extensions have an instruction, the one that ordinary code means") {
  CHECK(rv64({0x33, 0xf5, 0xc5, 0x40}) == "zbb");   // andn a0, a1, a2: Zbb or Zbkb
  CHECK(rv64({0x33, 0x95, 0xc5, 0x0a}) == "zbc");   // clmul a0, a1, a2: Zbc or Zbkc
  CHECK(rv64({0x33, 0xc5, 0xc5, 0x08}) == "zbkb");  // pack a0, a1, a2: Zbkb alone
}

TEST_CASE("RISC-V: hints and may-be-operations run anywhere they are defined") {
  CHECK(rv64({0x0f, 0x00, 0x00, 0x01}) == "");        // pause
  CHECK(rv64({0x13, 0x60, 0x15, 0x00}) == "");        // prefetch.r 0(a0)
  CHECK(rv64({0x33, 0x00, 0x20, 0x00}) == "");        // ntl.p1
  CHECK(rv64({0x17, 0x00, 0x00, 0x00}) == "");        // lpad 0
  CHECK(rv64({0x81, 0x60}) == "zcmop");               // c.sspush ra
  CHECK(rv64({0x0f, 0x20, 0x45, 0x00}) == "zicboz");  // cbo.zero (a0): no hint
}

TEST_CASE("RISC-V: control and status registers belong to extensions") {
  CHECK(rv64({0x73, 0x25, 0x20, 0xc2}) == "zve32x");  // csrr a0, vlenb
  CHECK(rv64({0x73, 0x15, 0x50, 0x01}) == "zkr");     // csrrw a0, seed, zero
  CHECK(rv64({0x73, 0x25, 0x30, 0x00}) == "");        // csrr a0, fcsr
  CHECK(rv64({0x73, 0x25, 0x00, 0xc0}) == "");        // rdcycle a0
}

TEST_CASE("RISC-V: encodings that several extensions share are read as the object declares") {
  const Bytes custom_0 = {0x0b, 0x95, 0xc5, 0x00};  // th.addsl a0, a1, a2, 0
  CodeMode declares{.declared = FeatureSet(Arch::RiscV64)};
  CHECK(rv64(custom_0, declares) == " (4 bytes undecoded)");
  declares.declared.add("xtheadba");
  CHECK(rv64(custom_0, declares) == "xtheadba");
}

TEST_CASE("RISC-V: bytes that are no instruction") {
  CHECK(rv64({0x0b, 0x95, 0xc5, 0x00, 0x33, 0x85, 0xc5, 0x00, 0x01}) == " (5 bytes undecoded)");
}

TEST_CASE("RISC-V: branches that leave the code") {
  std::vector<Branch> branches;
  // auipc ra, 1; jalr ra, 4(ra); jal ra, +64; c.j -2
  from_code(Arch::RiscV64,
            Bytes{0x97, 0x10, 0x00, 0x00, 0xe7, 0x80, 0x40, 0x00, 0xef, 0x00, 0x00, 0x04, 0xfd, 0xbf}, 0x1000,
            &branches);
  REQUIRE(branches.size() == 2);
  CHECK(branches[0].field == 0);
  CHECK(branches[0].target == 0x2004);
  CHECK(branches[1].field == 8);
  CHECK(branches[1].target == 0x1048);
}
