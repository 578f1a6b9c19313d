// A64 code, probed (code_probed.hpp). Instructions are little endian whatever the byte order of the data is
// (Arm ARM, B2.6.2).
#include "code_probed.hpp"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

namespace linkdx::isa {
namespace {

/// Instructions with a distance in them (Arm ARM, C4.1, "Branches, Exception Generating and System
/// instructions").
struct BranchForm {
  std::uint32_t mask, bits;
  unsigned shift, width;
};
constexpr BranchForm branch_forms[] = {
    {0x7c000000, 0x14000000, 0, 26},  // B, BL
    {0xff000000, 0x54000000, 5, 19},  // B.cond, BC.cond
    {0x7e000000, 0x34000000, 5, 19},  // CBZ, CBNZ
    {0x7e000000, 0x36000000, 5, 14},  // TBZ, TBNZ
};

void add_branch(const CodeAt& code, std::vector<Branch>& branches) {
  const std::uint32_t word = llvm::support::endian::read32le(code.bytes.data());
  for (const BranchForm& form : branch_forms) {
    if ((word & form.mask) != form.bits) continue;
    const std::int64_t distance = llvm::SignExtend64(word >> form.shift, form.width) * 4;
    add_if_leaving(code, distance, distance == 0, branches);
    return;
  }
}

/// LDR and LDRSW (literal): C6.2, C7.2. Hand-written code keeps its constants behind itself.
Literal literal_of(const CodeAt& code) {
  const std::uint32_t word = llvm::support::endian::read32le(code.bytes.data());
  if ((word & 0x3b000000) != 0x18000000) return {};
  const std::int64_t distance = llvm::SignExtend64<19>(word >> 5) * 4;
  const bool vector = (word & 0x04000000) != 0;
  const std::uint32_t kind = word >> 30;
  if (!vector && kind == 3) return {};  // PRFM
  return {distance, vector ? std::size_t{4} << kind : kind == 1 ? 8u : 4u};
}

/// Pointer authentication, BTI and others live in the hint space so that older cores pass over them (Arm ARM,
/// C6.2, HINT).
constexpr std::string_view hints[] = {"HINT"};
/// System registers and instructions of which LLVM knows names and features (AArch64SystemOperands.td).
constexpr std::string_view decided_by_text[] = {"MRS",    "MSR",    "MSRpstateImm1", "MSRpstateImm4", "SYSxt",
                                                "SYSLxt", "SYSPxt", "SYSPxt_XZR",    "MRRS",          "MSRR"};

const ProbedCode how = {.arch = Arch::AArch64,
                        .triple = "aarch64-unknown-linux-gnu",
                        .always = "+v8a",
                        .hints = hints,
                        .decided_by_text = decided_by_text,
                        .add_branch = add_branch,
                        .literal_of = literal_of};

}  // namespace

CodeNeeds needs_of_aarch64(std::span<const std::uint8_t> bytes, std::uint64_t address,
                           std::vector<Branch>* branches) {
  return needs_of_probed(how, bytes, address, branches, FeatureSet(Arch::AArch64));
}

}  // namespace linkdx::isa
