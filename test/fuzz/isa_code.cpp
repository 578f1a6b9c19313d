// Any bytes as code of every architecture that has a scanner. The first byte picks it. Every byte must be accounted for, and the
// witnesses must name what the set holds.
#include <cstdint>
#include <cstdlib>

#include "linkdx/isa.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linkdx::isa;
  if (size == 0)
    return 0;
  static constexpr Arch arches[] = {Arch::X86_64, Arch::X86, Arch::AArch64};
  CodeNeeds needs = from_code(arches[data[0] % 3], {data + 1, size - 1}, 0x400000);
  if (needs.undecoded > size - 1)
    std::abort();
  for (const Witness& witness : needs.witnesses)
    if (!needs.features.has(witness.feature) || witness.offset >= size - 1)
      std::abort();
  return 0;
}
