// Picks the scanner.
#include "code.hpp"

namespace linkdx::isa {

bool supported(Arch arch) {
  return arch != Arch::Unknown;
}

CodeNeeds from_code(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address,
                    std::vector<Branch>* branches, const CodeMode& mode) {
  switch (arch) {
    case Arch::X86:
    case Arch::X86_64:
      return needs_of_x86(arch, bytes, address, branches);
    case Arch::AArch64:
      return needs_of_aarch64(bytes, address, branches);
    case Arch::Arm:
      return needs_of_arm(bytes, address, branches, mode);
    case Arch::RiscV32:
    case Arch::RiscV64:
      return needs_of_riscv(arch, bytes, address, branches, mode);
    case Arch::PowerPC:
    case Arch::PowerPC64:
      return needs_of_powerpc(arch, bytes, address, branches, mode);
    case Arch::SystemZ:
      return needs_of_systemz(bytes, address, branches);
    case Arch::Mips:
    case Arch::Mips64:
      return needs_of_mips(arch, bytes, address, branches, mode);
    case Arch::LoongArch64:
      return needs_of_loongarch(bytes, address, branches);
    case Arch::Wasm:
      return needs_of_wasm(bytes);
    case Arch::Unknown:
      break;
  }
  CodeNeeds nothing;
  nothing.features = FeatureSet(arch);
  nothing.undecoded = bytes.size();
  return nothing;
}

}  // namespace linkdx::isa
