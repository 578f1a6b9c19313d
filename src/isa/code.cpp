// Picks the scanner.
#include "code.hpp"

namespace linkdx::isa {

bool supported(Arch arch) { return is_x86(arch) || arch == Arch::AArch64; }

CodeNeeds from_code(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address,
                    std::vector<Branch>* branches, const CodeMode& mode) {
  if (is_x86(arch))
    return needs_of_x86(arch, bytes, address, branches);
  if (arch == Arch::AArch64)
    return needs_of_aarch64(bytes, address, branches);
  CodeNeeds nothing;
  nothing.features = FeatureSet(arch);
  nothing.undecoded = bytes.size();
  return nothing;
}

}  // namespace linkdx::isa
