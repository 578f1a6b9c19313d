// z/Architecture code, probed (code_probed.hpp). Instructions have 2, 4 or 6 bytes, which their first two
// bits tell, and stand at even addresses.
#include "code_probed.hpp"
#include "llvm/Support/Endian.h"

namespace linkdx::isa {
namespace {

/// z/Architecture Principles of Operation, chapter 7: BRAS and BRC (RI format, 16 bits), BRASL and BRCL (RIL,
/// 32 bits). Distances count halfwords from the instruction, and stand behind its first two bytes.
void add_branch(const CodeAt& at, std::vector<Branch>& branches) {
  const std::span<const std::uint8_t> instruction = at.bytes.first(at.instruction_size);
  const std::uint8_t code = instruction[0], extension = instruction[1] & 0xf;
  std::int64_t halfwords = 0;
  if (instruction.size() == 4 && code == 0xa7 && (extension == 4 || extension == 5))
    halfwords = static_cast<std::int16_t>(llvm::support::endian::read16be(instruction.data() + 2));
  else if (instruction.size() == 6 && code == 0xc0 && (extension == 4 || extension == 5))
    halfwords = static_cast<std::int32_t>(llvm::support::endian::read32be(instruction.data() + 2));
  else
    return;
  add_if_leaving(at.at + 2, at.address + at.at + static_cast<std::uint64_t>(halfwords * 2), halfwords == 0,
                 at.address, at.code_size, branches);
}

const ProbedCode how = {
    .arch = Arch::SystemZ, .triple = "s390x-unknown-linux-gnu", .step = 2, .add_branch = add_branch};

}  // namespace

CodeNeeds needs_of_systemz(std::span<const std::uint8_t> bytes, std::uint64_t address,
                           std::vector<Branch>* branches) {
  return needs_of_probed(how, bytes, address, branches, FeatureSet(Arch::SystemZ));
}

}  // namespace linkdx::isa
