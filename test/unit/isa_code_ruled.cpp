// What instructions need where LLVM does not say so itself: PowerPC and LoongArch.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "catalogue.hpp"
#include "linkdx/isa.hpp"

using namespace linkdx::isa;

namespace {

std::string words(const CodeNeeds& code) {
  std::string text;
  for (const std::string& name : code.features.names()) text += (text.empty() ? "" : " ") + name;
  if (code.undecoded > 0) text += " (" + std::to_string(code.undecoded) + " bytes undecoded)";
  return text;
}

/// Words in the order that people write them, stored in the byte order.
std::vector<std::uint8_t> stored(const std::vector<std::uint32_t>& words, bool big_endian) {
  std::vector<std::uint8_t> bytes;
  for (std::uint32_t word : words)
    for (int i = 0; i < 4; ++i)
      bytes.push_back(static_cast<std::uint8_t>(word >> (big_endian ? 24 - 8 * i : 8 * i)));
  return bytes;
}

CodeMode big_endian() {
  CodeMode mode;
  mode.big_endian = true;
  return mode;
}

std::string ppc64(const std::vector<std::uint32_t>& code) {
  std::string little = words(from_code(Arch::PowerPC64, stored(code, false)));
  CHECK(words(from_code(Arch::PowerPC64, stored(code, true), 0, nullptr, big_endian())) == little);
  return little;
}

std::string loongarch(std::uint32_t word) {
  return words(from_code(Arch::LoongArch64, stored({word}, false)));
}

}  // namespace

TEST_CASE("PowerPC: features by generation") {
  CHECK(ppc64({0x7c221a14}) == "");               // add 1, 2, 3
  CHECK(ppc64({0x10221800}) == "altivec");        // vaddubm 1, 2, 3
  CHECK(ppc64({0xf0221a00}) == "vsx");            // xvaddsp 1, 2, 3
  CHECK(ppc64({0x7c6403f4}) == "popcntd");        // popcntd 4, 3
  CHECK(ppc64({0x10221d08}) == "crypto");         // vcipher 1, 2, 3
  CHECK(ppc64({0x7c640066}) == "direct-move");    // mfvsrd 4, 3
  CHECK(ppc64({0xf0601ad0}) == "power9-vector");  // xxspltib 3, 3
  CHECK(ppc64({0xec443004}) == "hard-dfp");       // dadd 2, 4, 6
  CHECK(ppc64({0xed0030d8}) == "mma");            // xvf32ger 2, 0, 6
}

TEST_CASE("PowerPC: a prefixed instruction is one of eight bytes") {
  CHECK(ppc64({0x06000000, 0x38640005}) == "prefix-instrs");                // paddi 3, 4, 5, 0
  CHECK(ppc64({0x06100000, 0x38600005}) == "pcrelative-memops");            // paddi 3, 0, 5, 1
  CHECK(ppc64({0x04000000, 0xc8650004}) == "power9-vector prefix-instrs");  // plxv 3, 4(5), 0
}

TEST_CASE("PowerPC: 64-bit instructions are a feature of 32-bit code") {
  CHECK(words(from_code(Arch::PowerPC, stored({0xe8640008}, true), 0, nullptr, big_endian())) ==
        "64bit");  // ld 3, 8(4)
}

TEST_CASE("PowerPC: what is no instruction is counted and stepped over") {
  CodeNeeds needs =
      from_code(Arch::PowerPC64, stored({0, 0x10221800}, false));  // a traceback table, then vaddubm 1, 2, 3
  CHECK(words(needs) == "altivec (4 bytes undecoded)");
  REQUIRE(needs.witnesses.size() == 1);
  CHECK(needs.witnesses[0].offset == 4);
  CHECK(needs.witnesses[0].disassembly == "vaddubm 1, 2, 3");
  std::vector<std::uint8_t> cut = {0x00, 0x18};
  CHECK(words(from_code(Arch::PowerPC64, cut)) == " (2 bytes undecoded)");
}

TEST_CASE("PowerPC: loops by the count register, and the traceback table behind a function") {
  CHECK(ppc64({0x4200fffc}) == "");              // bdnz .-4
  CHECK(ppc64({0x4240fffc, 0x4d420020}) == "");  // bdz .-4; bdzlr
  CHECK(ppc64({0x4e800020, 0, 0, 0}) == "");     // blr; the table
}

TEST_CASE("PowerPC: branches that leave the code") {
  std::vector<Branch> branches;
  from_code(Arch::PowerPC64, stored({0x48000101, 0x41820008, 0x60000000, 0x48000001}, false), 0x1000,
            &branches);
  REQUIRE(branches.size() == 2);  // bl .+0x100; beq .+8 (stays); nop; bl 0, for a relocation to fill in
  CHECK(branches[0].field == 0);
  CHECK(branches[0].target == 0x1100);
  CHECK(branches[1].field == 12);
}

TEST_CASE("LoongArch: features by extension") {
  CHECK(loongarch(0x00100ca4) == "");           // add.w $a0, $a1, $a3
  CHECK(loongarch(0x01008820) == "f");          // fadd.s $fa0, $fa1, $fa2
  CHECK(loongarch(0x01010820) == "d");          // fadd.d $fa0, $fa1, $fa2
  CHECK(loongarch(0x700a0c41) == "lsx");        // vadd.b $vr1, $vr2, $vr3
  CHECK(loongarch(0x740a0c41) == "lasx");       // xvadd.b $xr1, $xr2, $xr3
  CHECK(loongarch(0x05000004) == "lvz");        // gcsrrd $a0, 0
  CHECK(loongarch(0x00000880) == "lbt");        // movgr2scr $scr0, $a0
  CHECK(loongarch(0x01147420) == "f frecipe");  // frecipe.s $fa0, $fa1
}

TEST_CASE("the baseline of 64-bit PowerPC is POWER8 without transactions") {
  FeatureSet power8 = find_level("pwr8", Arch::PowerPC64)->features;
  CHECK(power8.minus(baseline(Arch::PowerPC64)).names() == std::vector<std::string>{"htm"});
  CHECK(baseline(Arch::PowerPC64).minus(power8).names() == std::vector<std::string>{});
}

TEST_CASE("every level holds what the one before it has") {
  for (Arch arch : {Arch::PowerPC, Arch::PowerPC64, Arch::LoongArch64}) {
    const std::vector<Level> levels = architecture_levels(arch);
    REQUIRE(!levels.empty());
    for (std::size_t i = 1; i < levels.size(); ++i)
      if (levels[i].name != "pwr4" &&
          levels[i].name != "pwr10")  // without ppc64's AltiVec; without transactions
        CHECK_MESSAGE(levels[i].features.contains(levels[i - 1].features), levels[i].name);
  }
}

TEST_CASE("levels by the compilers' names") {
  CHECK(find_level("power9", Arch::PowerPC64)->name == "pwr9");
  CHECK(smallest_level(from_code(Arch::PowerPC64, stored({0xf0601ad0}, false)).features)->name == "pwr9");
  CHECK(flags_for_level("pwr9", Arch::PowerPC64, Tool::Gcc) == std::vector<std::string>{"-mcpu=power9"});
  CHECK(flags_for_level("pwr9", Arch::PowerPC64, Tool::Clang) == std::vector<std::string>{"-mcpu=pwr9"});
  CHECK(smallest_cpu(from_code(Arch::LoongArch64, stored({0x740a0c41}, false)).features)->name == "la464");
}
