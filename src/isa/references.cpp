// Places that code names relative to itself, and whether it asks the CPU what it has. No disassembly: only
// the few encodings that hold an address are looked at.
//
// x86-64 names a place by a distance from the end of the instruction: ModRM with mod 0 and r/m 5 (Intel SDM
// vol. 2, 2.2.1.6, "RIP-Relative Addressing"). AArch64 first makes the address of a 4 KiB page (ADRP) and
// adds the rest in a second instruction (Arm ARM, C3.2.8, "Load/store addressing modes"; C6.2.12, ADRP).
#include <llvm/Support/Endian.h>
#include <llvm/Support/MathExtras.h>

#include <algorithm>
#include <array>
#include <map>

#include "linkdx/isa.hpp"
#include "x86_opcode.hpp"

namespace linkdx::isa {
namespace {

using Bytes = std::span<const std::uint8_t>;
using Use = Reference::Use;
namespace endian = llvm::support::endian;

/// Whether opcodes of the first two maps have a ModRM byte (Intel SDM vol. 2, appendix A, tables A-2 and
///
bool has_modrm(const X86Opcode& found) {
  const unsigned op = found.opcode;
  if (found.map > 1 || found.vector) return true;
  if (found.map == 0)
    return (op < 0x40 && (op & 7) < 4) || op == 0x63 || op == 0x69 || op == 0x6b ||
           (op >= 0x80 && op < 0x90) || op == 0xc0 || op == 0xc1 || op == 0xc6 || op == 0xc7 ||
           (op >= 0xd0 && op < 0xd4) || (op >= 0xd8 && op < 0xe0) || op == 0xf6 || op == 0xf7 || op >= 0xfe;
  return !((op >= 4 && op < 0xd) || op == 0xe || (op >= 0x30 && op < 0x38) || op == 0x77 ||
           (op >= 0x80 && op < 0x90) || (op >= 0xa0 && op < 0xa3) || (op >= 0xa8 && op < 0xab) ||
           (op >= 0xc8 && op < 0xd0));
}

/// What the instruction does with its memory operand. Nothing for vector loads: they read constants.
std::optional<Use> use_of_x86(const X86Opcode& found, unsigned field) {
  const unsigned op = found.opcode;
  if (found.map == 0 && !found.vector) {
    if (op == 0x8d) return Use::Address;
    if (op == 0xff) return field == 2 || field == 4 ? Use::Call : field < 2 ? Use::Write : Use::Read;
    if (op == 0x88 || op == 0x89 || op == 0x86 || op == 0x87 || op == 0xc6 || op == 0xc7 || op == 0xfe)
      return Use::Write;
    if (op < 0x40 && (op & 7) < 2) return op >= 0x38 ? Use::Read : Use::Write;  // CMP reads
    if (op >= 0x80 && op < 0x84) return field == 7 ? Use::Read : Use::Write;
    return op >= 0xd8 && op < 0xe0 ? std::nullopt : std::optional(Use::Read);
  }
  if (found.map == 1) {
    if (op == 0x11 || op == 0x13 || op == 0x17 || op == 0x29 || op == 0x7e || op == 0x7f || op == 0xd6)
      return Use::Write;
    if (found.vector) return std::nullopt;
    if (op == 0xba) return field == 4 ? Use::Read : Use::Write;  // BT reads; BTS, BTR, BTC write
    if (op == 0xab || op == 0xb3 || op == 0xbb || op == 0xb0 || op == 0xb1 || op == 0xc0 || op == 0xc1)
      return Use::Write;
    if ((op >= 0x40 && op < 0x50) || op == 0xa3 || op == 0xaf || (op >= 0xb6 && op < 0xc0)) return Use::Read;
  }
  return std::nullopt;
}

CodeReferences references_of_x86_64(Bytes bytes, std::uint64_t address) {
  CodeReferences result;
  const X86Walk walk(bytes);
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = walk.length_at(at);
    if (length > bytes.size() - at) break;
    const Bytes instruction = bytes.subspan(at, length);
    const X86Opcode found = opcode_of_x86(instruction);
    const bool plain = !found.vector;
    if (plain && ((found.map == 0 && ((found.opcode & 0xf0) == 0x70 || (found.opcode & 0xfc) == 0xe0)) ||
                  (found.map == 1 && (found.opcode & 0xf0) == 0x80)))
      result.conditions.push_back(at);
    const bool cpuid = plain && found.map == 1 && found.opcode == 0xa2;
    const bool xgetbv =
        plain && found.map == 1 && found.opcode == 1 && length >= 3 && instruction[length - 1] == 0xd0;
    if ((cpuid || xgetbv) && !result.asks_cpu) result.asks_cpu = at;
    if (found.modrm + 4 < length && !found.thread_local_ && has_modrm(found) &&
        (instruction[found.modrm] & 0xc7) == 5)
      if (const std::optional<Use> use = use_of_x86(found, instruction[found.modrm] >> 3 & 7)) {
        const auto distance =
            static_cast<std::int32_t>(endian::read32le(instruction.data() + found.modrm + 1));
        result.places.push_back({*use, at + found.modrm + 1,
                                 address + at + length + static_cast<std::uint64_t>(std::int64_t{distance})});
      }
    at += length;
  }
  return result;
}

/// Follows pages, addresses and pointers through registers: one that anything else writes is forgotten, and
/// those that a call need not keep (AAPCS64, 6.1.1) with it. Where branches meet, what all of them agree on
/// is known; branches back are not followed.
class AArch64Registers {
 public:
  explicit AArch64Registers(std::uint64_t address) : address_(address) {}

  void read(std::uint32_t word, std::uint64_t at, CodeReferences& result) {
    meet_branches_to(at);
    const unsigned destination = word & 31, base = word >> 5 & 31;
    if ((word & 0x1f000000) == 0x10000000) {  // ADR, ADRP
      const auto distance =
          static_cast<std::uint64_t>(llvm::SignExtend64<21>((word >> 5 & 0x7ffff) << 2 | (word >> 29 & 3)));
      const std::uint64_t here = address_ + at;
      const bool page = word >> 31 != 0;
      hold(destination, page ? Known{Known::Page, (here & ~std::uint64_t{0xfff}) + distance * 4096}
                             : Known{Known::Address, here + distance});
      if (!page) result.places.push_back({Use::Address, at, here + distance});
    } else if ((word & 0xff800000) == 0x91000000) {  // ADD (immediate)
      const std::uint64_t more = std::uint64_t{word >> 10 & 0xfff} << ((word >> 22 & 1) * 12);
      const std::optional<Known> page = held(base);
      forget(destination);
      if (page && page->kind == Known::Page) {
        hold(destination, {Known::Address, page->value + more});
        result.places.push_back({Use::Address, at, page->value + more});
      }
    } else if ((word & 0x3b000000) == 0x39000000) {  // load or store, unsigned offset
      load_or_store(word, at, result);
    } else if ((word & 0xfffff000) ==
               0xd5380000) {  // MRS from an identification register (op0 3, op1 0, CRn 0)
      if (!result.asks_cpu) result.asks_cpu = at;
      forget(destination);
    } else if ((word & 0xff000010) == 0x54000000 ||
               (word & 0x7c000000) == 0x34000000) {  // B.cond; CBZ, CBNZ, TBZ, TBNZ
      result.conditions.push_back(at);
      const bool of_a_bit = (word & 0x7e000000) == 0x36000000;  // TBZ, TBNZ
      branch(at, of_a_bit ? llvm::SignExtend64<14>(word >> 5 & 0x3fff)
                          : llvm::SignExtend64<19>(word >> 5 & 0x7ffff));
    } else if ((word & 0xfc000000) == 0x94000000 || (word & 0xfffffc1f) == 0xd63f0000) {  // BL, BLR
      constexpr std::uint32_t kept_by_calls = 0x3ff80000;                                 // x19 to x29
      now_.known &= kept_by_calls;
    } else if ((word & 0xfc000000) == 0x14000000) {  // B
      branch(at, llvm::SignExtend64<26>(word & 0x3ffffff));
      goes_on_ = false;
    } else if ((word & 0xfe000000) == 0xd6000000) {  // BR, RET
      goes_on_ = false;
    } else {
      forget(destination);
    }
  }

 private:
  struct Known {
    enum Kind : std::uint8_t {
      Page,     ///< of 4 KiB, which an offset will complete
      Address,  ///< whole
      Pointer,  ///< what is stored at an address
    } kind;
    std::uint64_t value;
    std::uint64_t loaded_at = 0;  ///< of a pointer: offset of the load
    bool operator==(const Known&) const = default;
  };
  struct Registers {
    std::uint32_t known = 0;  ///< a bit a register
    std::array<Known, 32> holds{};
  };

  void load_or_store(std::uint32_t word, std::uint64_t at, CodeReferences& result) {
    const unsigned destination = word & 31;
    const bool store = (word >> 22 & 3) == 0, vector = (word >> 26 & 1) != 0;
    const std::uint64_t offset = std::uint64_t{word >> 10 & 0xfff} << (word >> 30);
    const std::optional<Known> base = held(word >> 5 & 31);
    if (base && base->kind == Known::Page && (store || !vector))
      result.places.push_back({store ? Use::Write : Use::Read, at, base->value + offset});
    if (base && base->kind == Known::Address &&
        store)  // of a load inside a table, the table's own address is what counts
      result.places.push_back({Use::Write, at, base->value + offset});
    if (base && base->kind == Known::Pointer && store)
      result.places.push_back({Use::WriteThrough, base->loaded_at, base->value});
    if (store || vector) return;
    forget(destination);
    const bool pointer = (word & 0xffc00000) == 0xf9400000;  // LDR, 64 bits
    if (pointer && base && base->kind == Known::Page)
      hold(destination, {Known::Pointer, base->value + offset, at});
  }

  std::optional<Known> held(unsigned number) const {
    return (now_.known >> number & 1) != 0 ? std::optional(now_.holds[number]) : std::nullopt;
  }
  void forget(unsigned number) { now_.known &= ~(1u << number); }
  void hold(unsigned number, Known known) {
    if (number == 31) return;  // no register to hold anything, or the stack's
    now_.known |= 1u << number;
    now_.holds[number] = known;
  }

  void branch(std::uint64_t at, std::int64_t words) {
    if (words <= 0) return;
    const auto [found, first] = ahead_.try_emplace(at + static_cast<std::uint64_t>(words) * 4, now_);
    if (!first) agree(found->second, now_);
  }
  void meet_branches_to(std::uint64_t at) {
    const bool comes_here = goes_on_;
    goes_on_ = true;
    if (ahead_.empty() || ahead_.begin()->first > at) {
      if (!comes_here) now_.known = 0;
      return;
    }
    if (comes_here)
      agree(now_, ahead_.begin()->second);
    else
      now_ = ahead_.begin()->second;
    ahead_.erase(ahead_.begin());
  }
  /// Leaves in one what the other knows too.
  static void agree(Registers& one, const Registers& other) {
    one.known &= other.known;
    for (unsigned i = 0; i < 31; ++i)
      if ((one.known >> i & 1) != 0 && !(one.holds[i] == other.holds[i])) one.known &= ~(1u << i);
  }

  std::uint64_t address_;
  Registers now_;
  bool goes_on_ = true;                       ///< into the next instruction
  std::map<std::uint64_t, Registers> ahead_;  ///< by where branches lead, not yet reached
};

}  // namespace

CodeReferences references_of(Arch arch, Bytes bytes, std::uint64_t address) {
  if (arch == Arch::X86_64) return references_of_x86_64(bytes, address);
  CodeReferences result;
  if (arch != Arch::AArch64) return result;
  AArch64Registers registers(address);
  for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4)
    registers.read(endian::read32le(bytes.data() + at), at, result);
  return result;
}

}  // namespace linkdx::isa
