// The x86 step tables against Zydis on any bytes: at every offset the same length, needs and branch, or both
// no instruction. The first byte picks the mode.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "x86_steps.hpp"
#include "x86_zydis.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linkdx::isa;
  if (size == 0) return 0;
  const Arch arch = data[0] % 2 == 0 ? Arch::X86_64 : Arch::X86;
  static const ZydisNeeds all_needs[] = {ZydisNeeds(Arch::X86_64), ZydisNeeds(Arch::X86)};
  static const ZydisDecoder decoders[] = {zydis_decoder(Arch::X86_64), zydis_decoder(Arch::X86)};
  std::vector<std::uint8_t> bytes(data + 1, data + size);
  bytes.resize(bytes.size() + 32);
  for (std::size_t at = 0; at + 32 <= bytes.size(); ++at) {
    const X86Step step = arch == Arch::X86 ? step_i386(&bytes[at]) : step_x86_64(&bytes[at]);
    ZydisDecodedInstruction instruction;
    if (!zydis_decodes(decoders[data[0] % 2], {&bytes[at], 32}, instruction)) {
      if (step.length != 0) std::abort();
    } else if (step.length != instruction.length || step.branch != branch_width(instruction) ||
               !(features_of_step(arch, step) == all_needs[data[0] % 2].of(instruction))) {
      std::abort();
    }
  }
  return 0;
}
