// 32-bit ARM code, probed (code_probed.hpp): A32, whose instructions are four bytes, and T32, whose are two
// or four. Which of them bytes are, only mapping symbols ($a, $t, $d: ELF for the Arm Architecture, 5.5.5)
// and the low bit of a function's address tell.
#include "code_probed.hpp"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

namespace linkdx::isa {
namespace {

template <bool big>
std::uint32_t half(std::span<const std::uint8_t> bytes) {
  return big ? llvm::support::endian::read16be(bytes.data()) : llvm::support::endian::read16le(bytes.data());
}
template <bool big>
std::uint32_t word(std::span<const std::uint8_t> bytes) {
  return big ? llvm::support::endian::read32be(bytes.data()) : llvm::support::endian::read32le(bytes.data());
}

/// B, BL and BLX with a distance (Arm ARM for A-profile, F5.1: A1 and A2 encodings). It counts from 8 bytes
/// behind the instruction.
template <bool big>
void add_arm_branch(const CodeAt& code, std::vector<Branch>& branches) {
  const std::uint32_t bits = word<big>(code.bytes);
  if ((bits & 0x0e000000) != 0x0a000000) return;
  const bool exchange = (bits & 0xf0000000) == 0xf0000000;
  const std::int64_t distance =
      llvm::SignExtend64<26>((bits & 0xffffff) << 2) + (exchange ? (bits >> 23) & 2 : 0);
  add_if_leaving(code, distance + 8, distance == -8 || distance == 0, branches);
}

/// The same in T32 (F5.1: T1 to T4). It counts from 4 bytes behind the instruction; that of BLX from the
/// multiple of 4 below.
template <bool big>
void add_thumb_branch(const CodeAt& code, std::vector<Branch>& branches) {
  const std::uint32_t first = half<big>(code.bytes);
  if (code.instruction_size == 2) {
    if ((first & 0xf800) == 0xe000) {  // B
      const std::int64_t distance = llvm::SignExtend64<12>((first & 0x7ff) << 1);
      add_if_leaving(code, distance + 4, distance == -4, branches);
    } else if ((first & 0xf000) == 0xd000 && (first & 0x0e00) != 0x0e00) {  // B<cond>, not UDF and SVC
      const std::int64_t distance = llvm::SignExtend64<9>((first & 0xff) << 1);
      add_if_leaving(code, distance + 4, distance == -4, branches);
    } else if ((first & 0xf500) == 0xb100) {  // CBZ, CBNZ
      const std::int64_t distance = ((first & 0xf8) >> 2) | ((first & 0x200) >> 3);
      add_if_leaving(code, distance + 4, false, branches);
    }
    return;
  }
  const std::uint32_t second = half<big>(code.bytes.subspan(2));
  if ((first & 0xf800) != 0xf000 || (second & 0x8000) == 0) return;
  const std::uint32_t sign = first >> 10 & 1, j1 = second >> 13 & 1, j2 = second >> 11 & 1;
  std::int64_t distance = 0;
  if ((second & 0x5000) == 0) {              // B<cond>.W
    if ((first & 0x0380) == 0x0380) return;  // other instructions
    distance = llvm::SignExtend64<21>(sign << 20 | j2 << 19 | j1 << 18 | (first & 0x3f) << 12 |
                                      (second & 0x7ff) << 1);
  } else {  // B.W, BL, BLX
    const std::uint32_t i1 = ~(j1 ^ sign) & 1, i2 = ~(j2 ^ sign) & 1;
    distance = llvm::SignExtend64<25>(sign << 24 | i1 << 23 | i2 << 22 | (first & 0x3ff) << 12 |
                                      (second & 0x7ff) << 1);
  }
  const bool exchange = (second & 0xd000) == 0xc000;
  const std::int64_t from = exchange ? 4 - static_cast<std::int64_t>((code.address + code.at) & 2) : 4;
  add_if_leaving(code, distance + from, distance == -4 || distance == 0, branches);
}

/// Literals that instructions load from among the code, at a distance from the multiple of 4 below the
/// program counter.
template <bool big>
Literal arm_literal(const CodeAt& code) {
  const std::uint32_t bits = word<big>(code.bytes);
  const std::int64_t sign = (bits & 0x00800000) != 0 ? 1 : -1;
  if ((bits & 0x0f3f0000) == 0x051f0000)  // LDR (literal)
    return {8 + sign * static_cast<std::int64_t>(bits & 0xfff), 4};
  if ((bits & 0x0f7f00f0) == 0x014f00d0)  // LDRD (literal)
    return {8 + sign * static_cast<std::int64_t>((bits >> 4 & 0xf0) | (bits & 0xf)), 8};
  if ((bits & 0x0f3f0e00) == 0x0d1f0a00)  // VLDR
    return {8 + sign * static_cast<std::int64_t>((bits & 0xff) * 4), (bits & 0x100) != 0 ? 8u : 4u};
  return {};
}

template <bool big>
Literal thumb_literal(const CodeAt& code) {
  const std::uint32_t first = half<big>(code.bytes);
  const std::int64_t from = 4 - static_cast<std::int64_t>((code.address + code.at) & 2);
  if (code.instruction_size == 2)
    return (first & 0xf800) == 0x4800 ? Literal{from + static_cast<std::int64_t>((first & 0xff) * 4), 4}
                                      : Literal{};
  const std::uint32_t second = half<big>(code.bytes.subspan(2));
  const std::int64_t sign = (first & 0x80) != 0 ? 1 : -1;
  if ((first & 0xff7f) == 0xf85f)  // LDR.W (literal)
    return {from + sign * static_cast<std::int64_t>(second & 0xfff), 4};
  if ((first & 0xff7f) == 0xe95f || (first & 0xff7f) == 0xe87f)  // LDRD (literal)
    return {from + sign * static_cast<std::int64_t>((second & 0xff) * 4), 8};
  if ((first & 0xff3f) == 0xed1f && (second & 0x0e00) == 0x0a00)  // VLDR
    return {from + sign * static_cast<std::int64_t>((second & 0xff) * 4), (second & 0x100) != 0 ? 8u : 4u};
  return {};
}

/// F3.1, "T32 instruction set encoding".
template <bool big>
std::size_t thumb_length(std::span<const std::uint8_t> bytes) {
  return half<big>(bytes) >= 0xe800 ? 4 : 2;
}

/// The upper 16 double registers, and what is made of them.
bool is_optional_register(std::string_view name) {
  if (name.size() != 3 || name[0] != 'D') return false;
  return (name[1] == '1' && name[2] >= '6') || name[1] == '2' || name[1] == '3';
}

/// The space for hints, over which CPUs that do not know one pass.
constexpr std::string_view hints[] = {"HINT", "tHINT", "t2HINT"};

/// BLX with a distance: ARMDisassembler.cpp turns BL into it whatever is on (DecodeBranchImmInstruction). Arm
/// ARM, F5.1.25.
constexpr Unenforced unenforced[] = {{"BLXi", "v5t"}};

// MVE took encodings of NEON, so the M profile's reading comes first only for code that declares it.
#define M_PROFILE "mclass mve lob pacbti 8msecext cde v8m.main"
constexpr Reading a32_readings[] = {{M_PROFILE, ""}};
constexpr Reading t32_readings[] = {{M_PROFILE, ""}, {"neon", ""}, {"neon", "mclass"}};

constexpr char arm[] = "armv4-unknown-linux-gnueabi";
const ProbedCode a32_little = {.arch = Arch::Arm,
                               .triple = arm,
                               .always = "",
                               .readings = a32_readings,
                               .step = 4,
                               .hints = hints,
                               .unenforced = unenforced,
                               .is_optional_register = is_optional_register,
                               .add_branch = add_arm_branch<false>,
                               .literal_of = arm_literal<false>};
const ProbedCode a32_big = {.arch = Arch::Arm,
                            .triple = arm,
                            .always = "+big-endian-instructions",
                            .readings = a32_readings,
                            .step = 4,
                            .hints = hints,
                            .unenforced = unenforced,
                            .is_optional_register = is_optional_register,
                            .add_branch = add_arm_branch<true>,
                            .literal_of = arm_literal<true>};
const ProbedCode t32_little = {.arch = Arch::Arm,
                               .triple = arm,
                               .always = "+thumb-mode",
                               .readings = t32_readings,
                               .step = 2,
                               .length_of = thumb_length<false>,
                               .hints = hints,
                               .is_optional_register = is_optional_register,
                               .add_branch = add_thumb_branch<false>,
                               .literal_of = thumb_literal<false>};
const ProbedCode t32_big = {.arch = Arch::Arm,
                            .triple = arm,
                            .always = "+thumb-mode,+big-endian-instructions",
                            .readings = t32_readings,
                            .step = 2,
                            .length_of = thumb_length<true>,
                            .hints = hints,
                            .is_optional_register = is_optional_register,
                            .add_branch = add_thumb_branch<true>,
                            .literal_of = thumb_literal<true>};

}  // namespace

CodeNeeds needs_of_arm(std::span<const std::uint8_t> bytes, std::uint64_t address,
                       std::vector<Branch>* branches, const CodeMode& mode) {
  const ProbedCode& how = mode.thumb        ? mode.big_endian ? t32_big : t32_little
                          : mode.big_endian ? a32_big
                                            : a32_little;
  return needs_of_probed(how, bytes, address, branches, mode.declared);
}

}  // namespace linkdx::isa
