// Picks the scanner.
#include "code.hpp"

namespace linkdx::isa {

bool supported(Arch arch) {
  switch (arch) {
    case Arch::X86: case Arch::X86_64: case Arch::AArch64: case Arch::PowerPC: case Arch::PowerPC64:
    case Arch::SystemZ: case Arch::Mips: case Arch::Mips64: case Arch::LoongArch64: case Arch::Wasm:
      return true;
    default:
      return false;
  }
}

CodeNeeds from_code(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address,
                    std::vector<Branch>* branches, const CodeMode& mode) {
  if (is_x86(arch))
    return needs_of_x86(arch, bytes, address, branches);
  if (arch == Arch::AArch64)
    return needs_of_aarch64(bytes, address, branches);
  if (arch == Arch::PowerPC || arch == Arch::PowerPC64)
    return needs_of_powerpc(arch, bytes, address, branches, mode);
  if (arch == Arch::SystemZ)
    return needs_of_systemz(bytes, address, branches);
  if (arch == Arch::Mips || arch == Arch::Mips64)
    return needs_of_mips(arch, bytes, address, branches, mode);
  if (arch == Arch::LoongArch64)
    return needs_of_loongarch(bytes, address, branches);
  if (arch == Arch::Wasm)
    return needs_of_wasm(bytes);
  CodeNeeds nothing;
  nothing.features = FeatureSet(arch);
  nothing.undecoded = bytes.size();
  return nothing;
}

}  // namespace linkdx::isa
