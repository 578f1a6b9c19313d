// A64 code, probed (code_probed.hpp). Instructions are little endian whatever the byte order of the data is (Arm ARM, B2.6.2).
#include "code_probed.hpp"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

namespace linkdx::isa {
namespace {

/// Instructions with a distance in them (Arm ARM, C4.1, "Branches, Exception Generating and System instructions").
struct BranchForm { std::uint32_t mask, bits; unsigned shift, width; };
constexpr BranchForm branch_forms[] = {
  {0x7c000000, 0x14000000, 0, 26},   // B, BL
  {0xff000000, 0x54000000, 5, 19},   // B.cond, BC.cond
  {0x7e000000, 0x34000000, 5, 19},   // CBZ, CBNZ
  {0x7e000000, 0x36000000, 5, 14},   // TBZ, TBNZ
};

void add_branch(std::span<const std::uint8_t> instruction, std::uint64_t at, std::uint64_t address, std::uint64_t size,
                std::vector<Branch>& branches) {
  const std::uint32_t word = llvm::support::endian::read32le(instruction.data());
  for (const BranchForm& form : branch_forms) {
    if ((word & form.mask) != form.bits)
      continue;
    const std::int64_t distance = llvm::SignExtend64(word >> form.shift, form.width) * 4;
    add_if_leaving(at, address + at + static_cast<std::uint64_t>(distance), distance == 0, address, size, branches);
    return;
  }
}

/// Pointer authentication, BTI and others live in the hint space so that older cores pass over them (Arm ARM, C6.2, HINT).
constexpr std::string_view hints[] = {"HINT"};
/// System registers and instructions of which LLVM knows names and features (AArch64SystemOperands.td).
constexpr std::string_view decided_by_text[] = {"MRS", "MSR", "MSRpstateImm1", "MSRpstateImm4", "SYSxt", "SYSLxt", "SYSPxt", "SYSPxt_XZR",
                                                "MRRS", "MSRR"};

const ProbedCode how = {.arch = Arch::AArch64,
                        .triple = "aarch64-unknown-linux-gnu",
                        .always = "+v8a",
                        .hints = hints,
                        .decided_by_text = decided_by_text,
                        .add_branch = add_branch};

}  // namespace

CodeNeeds needs_of_aarch64(std::span<const std::uint8_t> bytes, std::uint64_t address, std::vector<Branch>* branches) {
  return needs_of_probed(how, bytes, address, branches, FeatureSet(Arch::AArch64));
}

}  // namespace linkdx::isa
