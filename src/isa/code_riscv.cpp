// RISC-V code, probed (code_probed.hpp). Instructions are two bytes long, or four when the low two bits of
// the first are set (ISA manual, "Base Instruction-Length Encoding"). They are little endian whatever the
// data is.
#include "code_probed.hpp"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

namespace linkdx::isa {
namespace {

std::int64_t bits(std::uint32_t word, unsigned from, unsigned count, unsigned to) {
  return static_cast<std::int64_t>((word >> from) & ((1u << count) - 1)) << to;
}

/// The distance of a jump or branch, if the instruction is one (ISA manual, "RV32/64G Instruction Set
/// Listings" and "RVC").
struct Distance {
  std::int64_t bytes = 0;
  bool is_branch = false;
};

Distance distance_of(std::uint32_t word, bool compressed, bool is_32) {
  if (!compressed) {
    switch (word & 0x7f) {
      case 0x6f:  // JAL
        return {llvm::SignExtend64<21>(bits(word, 31, 1, 20) | bits(word, 12, 8, 12) | bits(word, 20, 1, 11) |
                                       bits(word, 21, 10, 1)),
                true};
      case 0x63:  // BEQ and the others
        return {llvm::SignExtend64<13>(bits(word, 31, 1, 12) | bits(word, 7, 1, 11) | bits(word, 25, 6, 5) |
                                       bits(word, 8, 4, 1)),
                true};
      default:
        return {};
    }
  }
  const std::uint32_t kind = word & 0xe003;
  if (kind == 0xa001 || (kind == 0x2001 && is_32))  // C.J, C.JAL
    return {llvm::SignExtend64<12>(bits(word, 12, 1, 11) | bits(word, 11, 1, 4) | bits(word, 9, 2, 8) |
                                   bits(word, 8, 1, 10) | bits(word, 7, 1, 6) | bits(word, 6, 1, 7) |
                                   bits(word, 3, 3, 1) | bits(word, 2, 1, 5)),
            true};
  if (kind == 0xc001 || kind == 0xe001)  // C.BEQZ, C.BNEZ
    return {llvm::SignExtend64<9>(bits(word, 12, 1, 8) | bits(word, 10, 2, 3) | bits(word, 5, 2, 6) |
                                  bits(word, 3, 2, 1) | bits(word, 2, 1, 5)),
            true};
  return {};
}

template <bool is_32>
void add_branch(const CodeAt& code, std::vector<Branch>& branches) {
  const bool compressed = code.instruction_size == 2;
  const std::uint32_t word = compressed ? llvm::support::endian::read16le(code.bytes.data())
                                        : llvm::support::endian::read32le(code.bytes.data());
  // A far call is AUIPC and JALR through the same register, with one relocation, at the AUIPC (psABI,
  // R_RISCV_CALL_PLT).
  if (!compressed && (word & 0x7f) == 0x17) {
    if (code.bytes.size() < 8) return;
    const std::uint32_t next = llvm::support::endian::read32le(code.bytes.data() + 4);
    if ((next & 0x707f) != 0x67 || (next >> 15 & 31) != (word >> 7 & 31)) return;
    const std::int64_t distance =
        llvm::SignExtend64<32>(word & 0xfffff000) + llvm::SignExtend64<12>(next >> 20);
    add_if_leaving(code, distance, distance == 0, branches);
    return;
  }
  const Distance distance = distance_of(word, compressed, is_32);
  if (distance.is_branch) add_if_leaving(code, distance.bytes, distance.bytes == 0, branches);
}

std::size_t length_of(std::span<const std::uint8_t> bytes) {
  const unsigned low = bytes[0];
  return (low & 3) != 3 ? 2 : (low & 0x1f) != 0x1f ? 4 : (low & 0x3f) != 0x3f ? 6 : 8;
}

/// Instructions in the space that the base ISA sets aside for hints or lets do nothing: Zihintntl,
/// Zihintpause, Zicbop, Zicfilp.
constexpr std::string_view hints[] = {
    "ADD", "C_ADD_HINT", "C_ADD", "C_NOP_HINT", "FENCE", "ORI", "AUIPC", "C_LI_HINT", "C_LUI_HINT",
    "C_SLLI_HINT", "C_MV_HINT", "C_ADDI_NOP", "C_ADDI_HINT_IMM_ZERO", "C_SLLI64_HINT", "C_SRLI64_HINT",
    "C_SRAI64_HINT",
    // Zicfiss lies in Zimop's and Zcmop's may-be-operations, which do nothing without it.
    "MOPR28", "MOPRR7", "C_MOP1", "C_MOP5"};

struct CsrRow {
  std::int64_t first, last;
  std::string_view features;
};
constexpr CsrRow csr_rows[] = {
#define CSR(first, last, features) {first, last, features},
#include "riscv_csrs.inc"
#undef CSR
};
constexpr std::string_view csr_instructions[] = {"CSRRW", "CSRRS", "CSRRC", "CSRRWI", "CSRRSI", "CSRRCI"};

std::string_view needs_of_csr(std::span<const std::int64_t> immediates) {
  for (const CsrRow& row : csr_rows)
    if (!immediates.empty() && immediates.front() >= row.first && immediates.front() <= row.last)
      return row.features;
  return "";
}

// Zfinx puts floats into integer registers, Zcmp and Zcmt take the encodings of the compressed loads and
// stores of D, and each vendor does with the custom opcodes as it likes: which is meant, only what the object
// declares can tell.
constexpr Reading readings[] = {
#define VENDORS_BUT(kept)                                                                         \
  kept "xventanacondops xsfvcp xsfvfnrclipxfqf xsfvfwmaccqqq xsfvqmaccdod xsfvqmaccqoq xsfcease " \
       "xsifivecdiscarddlone xsifivecflushdlone"
#define THEAD                                                                                              \
  "xtheadba xtheadbb xtheadbs xtheadcmo xtheadcondmov xtheadfmemidx xtheadmac xtheadmemidx xtheadmempair " \
  "xtheadsync xtheadvdot"
#define COREV "xcvalu xcvbi xcvbitmanip xcvelw xcvmac xcvmem xcvsimd"
    {"zfinx zcmp zcmt " THEAD " " COREV " " VENDORS_BUT("xwchc "), ""},
    {"f " THEAD " " COREV " " VENDORS_BUT("xwchc "), "zfinx"},
    {"zfinx zcd " THEAD " " COREV " " VENDORS_BUT("xwchc "), "zcmp zcmt"},
    {"zfinx zcmp zcmt " COREV " " VENDORS_BUT("xwchc "), THEAD},
    {"zfinx zcmp zcmt " THEAD " " VENDORS_BUT("xwchc "), COREV},
    {"zfinx zcmp zcmt " THEAD " " COREV " xwchc", VENDORS_BUT("")},
    {"zfinx zcmp zcmt zcb zcd " THEAD " " COREV " " VENDORS_BUT(""), "xwchc"},
#undef VENDORS_BUT
#undef THEAD
#undef COREV
};

const ProbedCode rv32 = {.arch = Arch::RiscV32,
                         .triple = "riscv32-unknown-linux-gnu",
                         .readings = readings,
                         .step = 2,
                         .length_of = length_of,
                         .hints = hints,
                         .decided_by_text = csr_instructions,
                         .also_needs = needs_of_csr,
                         .add_branch = add_branch<true>};
const ProbedCode rv64 = {.arch = Arch::RiscV64,
                         .triple = "riscv64-unknown-linux-gnu",
                         .readings = readings,
                         .step = 2,
                         .length_of = length_of,
                         .hints = hints,
                         .decided_by_text = csr_instructions,
                         .also_needs = needs_of_csr,
                         .add_branch = add_branch<false>};

}  // namespace

CodeNeeds needs_of_riscv(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address,
                         std::vector<Branch>* branches, const CodeMode& mode) {
  return needs_of_probed(arch == Arch::RiscV32 ? rv32 : rv64, bytes, address, branches, mode.declared);
}

}  // namespace linkdx::isa
