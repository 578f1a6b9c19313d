// PowerPC code, 32 and 64 bits, both byte orders. What an opcode needs stands in powerpc_opcodes.inc.
// Instructions are words of four bytes, or of eight from ISA 3.1 on: a prefix and a suffix (Power ISA 3.1,
// section 1.6). Embedded cores with SPE use AltiVec's encodings for other instructions; their code is not
// told apart.
#include <algorithm>
#include <iterator>

#include "code_probed.hpp"
#include "code_ruled.hpp"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

namespace linkdx::isa {
namespace {

struct OpcodeRow {
  std::string_view name, features;
};
constexpr OpcodeRow opcodes[] = {
// sorted by name
#define OPCODE(name, features) {#name, features},
#include "powerpc_opcodes.inc"
#undef OPCODE
};
static_assert(std::is_sorted(std::begin(opcodes), std::end(opcodes),
                             [](const OpcodeRow& a, const OpcodeRow& b) { return a.name < b.name; }));

std::optional<std::string_view> needs(std::string_view opcode) {
  const OpcodeRow* found =
      std::lower_bound(std::begin(opcodes), std::end(opcodes), opcode,
                       [](const OpcodeRow& row, std::string_view name) { return row.name < name; });
  if (found == std::end(opcodes) || found->name != opcode) return std::nullopt;
  return found->features;
}

/// Power ISA, section 2.4, "Branch Instructions": I-form (b, bl) and B-form (bc), when not absolute.
template <llvm::endianness order>
void add_branch(std::span<const std::uint8_t> instruction, std::uint64_t at, std::uint64_t address,
                std::uint64_t size, std::vector<Branch>& branches) {
  const auto word = llvm::support::endian::read<std::uint32_t>(instruction.data(), order);
  const std::uint32_t primary = word >> 26;
  const bool absolute = (word & 2) != 0;
  if ((primary != 18 && primary != 16) || absolute || instruction.size() != 4) return;
  const std::int64_t distance =
      primary == 18 ? llvm::SignExtend64<26>(word & 0x3fffffc) : llvm::SignExtend64<16>(word & 0xfffc);
  add_if_leaving(at, address + at + static_cast<std::uint64_t>(distance), distance == 0, address, size,
                 branches);
}

constexpr const char* all = "+prefix-instrs";
constexpr auto add_big = add_branch<llvm::endianness::big>;
constexpr auto add_little = add_branch<llvm::endianness::little>;
constexpr RuledCode big_32 = {Arch::PowerPC, "powerpc-unknown-linux-gnu", all, 4, needs, add_big};
constexpr RuledCode little_32 = {Arch::PowerPC, "powerpcle-unknown-linux-gnu", all, 4, needs, add_little};
constexpr RuledCode big_64 = {Arch::PowerPC64, "powerpc64-unknown-linux-gnu", all, 4, needs, add_big};
constexpr RuledCode little_64 = {Arch::PowerPC64, "powerpc64le-unknown-linux-gnu", all, 4, needs, add_little};

/// Without the traceback table that compilers for the 64-bit ABIs put behind a function and count in its
/// symbol's size: a word of zeroes, which is no instruction, and eight bytes (64-bit PowerPC ELF ABI
/// Supplement 1.9, section 3.3; the optional fields are not written).
std::span<const std::uint8_t> without_traceback_table(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t size = 12;
  if (bytes.size() < size) return bytes;
  const std::span<const std::uint8_t> table = bytes.last(size);
  const bool begins =
      std::all_of(table.begin(), table.begin() + 4, [](std::uint8_t byte) { return byte == 0; });
  return begins ? bytes.first(bytes.size() - size) : bytes;
}

}  // namespace

CodeNeeds needs_of_powerpc(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address,
                           std::vector<Branch>* branches, const CodeMode& mode) {
  const RuledCode& how =
      arch == Arch::PowerPC ? (mode.big_endian ? big_32 : little_32) : (mode.big_endian ? big_64 : little_64);
  if (arch == Arch::PowerPC64) bytes = without_traceback_table(bytes);
  return needs_of_ruled(how, bytes, address, branches);
}

}  // namespace linkdx::isa
