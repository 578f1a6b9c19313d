// Where code ends and where it jumps: what a scanner needs to tell the functions apart in a stretch that no
// symbol and no unwind information divides, and to see that one function runs on into the next.
//
// x86-64: opcodes by the Intel SDM, vol. 2, appendix A. AArch64: Arm ARM, C4.1, "Branches, Exception
// Generating and System instructions".
#include <llvm/Support/Endian.h>
#include <llvm/Support/MathExtras.h>

#include "linkdx/code_flow.hpp"
#include "x86_opcode.hpp"

namespace linkdx::isa {
namespace {

using Bytes = std::span<const std::uint8_t>;
namespace endian = llvm::support::endian;

enum class Kind {
  Plain,
  Padding,
  Trap,  ///< an end, and behind another end padding
  Ends,
  JumpsByTable,
  Calls,
};

/// Instructions in order.
class Flow {
 public:
  explicit Flow(std::size_t size) : size_(size) {}

  void add(Kind kind, std::size_t at, std::size_t length) {
    const std::size_t behind = at + length;
    flow_.padded = kind == Kind::Padding;
    if (kind == Kind::Padding || kind == Kind::Trap) {
      if (!flow_.ends.empty() && flow_.ends.back().next == at) {
        flow_.ends.back().next = behind;
        return;
      }
      if (kind == Kind::Padding) return;
    }
    if (kind != Kind::Plain && kind != Kind::Calls) flow_.ends.push_back({behind, behind});
    if (kind == Kind::JumpsByTable) flow_.jumps_by_table.push_back(at);
    flow_.runs_on = kind == Kind::Plain;
  }
  void jump(Kind kind, std::size_t at, std::uint64_t target) {
    if (target < size_) (kind == Kind::Calls ? flow_.calls : flow_.jumps).push_back({at, target});
  }
  CodeFlow take() { return std::move(flow_); }

 private:
  std::size_t size_;
  CodeFlow flow_;
};

Kind kind_of_x86(const X86Opcode& found, Bytes instruction) {
  if (found.vector) return Kind::Plain;
  const unsigned op = found.opcode;
  if (found.map == 1) return op == 0x0b ? Kind::Ends : op == 0x1f ? Kind::Padding : Kind::Plain;  // UD2, NOP
  if (found.map != 0) return Kind::Plain;
  switch (op) {
    case 0x90:
      return Kind::Padding;
    case 0xcc:
      return Kind::Trap;
    case 0xc2:
    case 0xc3:
    case 0xca:
    case 0xcb:
    case 0xcf:
    case 0xe9:
    case 0xeb:
    case 0xf4:
      return Kind::Ends;
    case 0xe8:
      return Kind::Calls;
    default:
      break;
  }
  if (op != 0xff || found.modrm >= instruction.size()) return Kind::Plain;
  const unsigned modrm = instruction[found.modrm], field = modrm >> 3 & 7;
  if (field == 2 || field == 3) return Kind::Calls;
  if (field != 4 && field != 5) return Kind::Plain;
  return (modrm & 0xc7) == 5 ? Kind::Ends
                             : Kind::JumpsByTable;  // `jmp *slot(%rip)` leads to another function
}

/// Whether the instruction ends in a distance that it jumps or calls by, and how wide that is.
unsigned distance_width(const X86Opcode& found) {
  if (found.vector) return 0;
  const unsigned op = found.opcode;
  if (found.map == 1) return (op & 0xf0) == 0x80 ? 4 : 0;
  if (found.map != 0) return 0;
  if ((op & 0xf0) == 0x70 || (op & 0xfc) == 0xe0 || op == 0xeb) return 1;
  return op == 0xe8 || op == 0xe9 ? 4 : 0;
}

CodeFlow flow_of_x86_64(Bytes bytes) {
  Flow flow(bytes.size());
  const X86Walk walk(bytes);
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = walk.length_at(at);
    if (length > bytes.size() - at) break;
    const Bytes instruction = bytes.subspan(at, length);
    const X86Opcode found = opcode_of_x86(instruction);
    const Kind kind = kind_of_x86(found, instruction);
    flow.add(kind, at, length);
    if (const unsigned width = distance_width(found); width != 0 && width < length) {
      const std::uint8_t* distance = instruction.data() + length - width;
      flow.jump(kind, at,
                at + length +
                    static_cast<std::uint64_t>(
                        width == 1 ? std::int64_t{static_cast<std::int8_t>(*distance)}
                                   : std::int64_t{static_cast<std::int32_t>(endian::read32le(distance))}));
    }
    at += length;
  }
  return flow.take();
}

Kind kind_of_aarch64(std::uint32_t word) {
  struct Form {
    std::uint32_t mask, bits;
    Kind kind;
  };
  constexpr Form forms[] = {
      {0xffffffff, 0xd503201f, Kind::Padding},       // NOP
      {0xfffffc1f, 0xd65f0000, Kind::Ends},          // RET
      {0xfffffbff, 0xd65f0bff, Kind::Ends},          // RETAA, RETAB
      {0xfc000000, 0x14000000, Kind::Ends},          // B
      {0xffe0001f, 0xd4200000, Kind::Trap},          // BRK
      {0xffff0000, 0x00000000, Kind::Trap},          // UDF
      {0xfffffc1f, 0xd61f0000, Kind::JumpsByTable},  // BR
      {0xfefff800, 0xd61f0800, Kind::JumpsByTable},  // BRAA, BRAB and those with zero
      {0xfc000000, 0x94000000, Kind::Calls},         // BL
      {0xfffffc1f, 0xd63f0000, Kind::Calls},         // BLR
      {0xfefff800, 0xd63f0800, Kind::Calls},         // BLRAA, BLRAB and those with zero
  };
  for (const Form& form : forms)
    if ((word & form.mask) == form.bits) return form.kind;
  return Kind::Plain;
}

/// The distance in bytes that a branch holds.
std::optional<std::int64_t> distance_of_aarch64(std::uint32_t word) {
  if ((word & 0x7c000000) == 0x14000000) return llvm::SignExtend64<26>(word) * 4;       // B, BL
  if ((word & 0xff000000) == 0x54000000) return llvm::SignExtend64<19>(word >> 5) * 4;  // B.cond, BC.cond
  if ((word & 0x7e000000) == 0x34000000) return llvm::SignExtend64<19>(word >> 5) * 4;  // CBZ, CBNZ
  if ((word & 0x7e000000) == 0x36000000) return llvm::SignExtend64<14>(word >> 5) * 4;  // TBZ, TBNZ
  return std::nullopt;
}

CodeFlow flow_of_aarch64(Bytes bytes) {
  Flow flow(bytes.size());
  for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) {
    const std::uint32_t word = endian::read32le(bytes.data() + at);
    const Kind kind = kind_of_aarch64(word);
    flow.add(kind, at, 4);
    if (const std::optional<std::int64_t> distance = distance_of_aarch64(word))
      flow.jump(kind, at, at + static_cast<std::uint64_t>(*distance));
  }
  return flow.take();
}

}  // namespace

CodeFlow flow_of(Arch arch, Bytes bytes) {
  if (arch == Arch::X86_64) return flow_of_x86_64(bytes);
  if (arch == Arch::AArch64) return flow_of_aarch64(bytes);
  return {};
}

}  // namespace linkdx::isa
