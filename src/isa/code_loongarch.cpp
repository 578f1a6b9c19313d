// LoongArch code, 64 bits. LLVM's names of opcodes follow the extensions, so patterns of names
// (loongarch_opcodes.inc) say what each needs.
#include "code_probed.hpp"
#include "code_ruled.hpp"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

namespace linkdx::isa {
namespace {

struct OpcodePattern {
  std::string_view name, features;
};
constexpr OpcodePattern patterns[] = {
#define OPCODE(name, features) {name, features},
#include "loongarch_opcodes.inc"
#undef OPCODE
};

bool fits(std::string_view opcode, std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return opcode == pattern;
  const std::string_view begin = pattern.substr(0, star), end = pattern.substr(star + 1);
  return opcode.size() >= begin.size() + end.size() && opcode.starts_with(begin) && opcode.ends_with(end);
}

std::optional<std::string_view> needs(std::string_view opcode) {
  for (const OpcodePattern& pattern : patterns)
    if (fits(opcode, pattern.name)) return pattern.features;
  return std::nullopt;
}

/// LoongArch Reference Manual, volume 1, section 1.2.1, formats 1RI21, I26 and 2RI16: a distance in words,
/// its low half at bit 10, its high bits from bit 0.
void add_branch(std::span<const std::uint8_t> instruction, std::uint64_t at, std::uint64_t address,
                std::uint64_t size, std::vector<Branch>& branches) {
  const std::uint32_t word = llvm::support::endian::read32le(instruction.data());
  const std::uint64_t low = word >> 10 & 0xffff;
  std::int64_t words = 0;
  switch (word >> 26) {
    case 0x10:
    case 0x11:
    case 0x12:
      words = llvm::SignExtend64<21>(low | (word & 0x1fu) << 16);
      break;  // beqz, bnez, bceqz
    case 0x14:
    case 0x15:
      words = llvm::SignExtend64<26>(low | (word & 0x3ffu) << 16);
      break;  // b, bl
    case 0x16:
    case 0x17:
    case 0x18:
    case 0x19:
    case 0x1a:
    case 0x1b:
      words = llvm::SignExtend64<16>(low);
      break;  // beq, bne, blt...
    default:
      return;
  }
  add_if_leaving(at, address + at + static_cast<std::uint64_t>(words * 4), words == 0, address, size,
                 branches);
}

constexpr RuledCode how = {
    Arch::LoongArch64, "loongarch64-unknown-linux-gnu", "+lasx,+lbt,+lvz,+frecipe", 4, needs, add_branch};

}  // namespace

CodeNeeds needs_of_loongarch(std::span<const std::uint8_t> bytes, std::uint64_t address,
                             std::vector<Branch>* branches) {
  return needs_of_ruled(how, bytes, address, branches);
}

}  // namespace linkdx::isa
