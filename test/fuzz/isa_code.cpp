// Any bytes as code of every architecture that has a scanner. The first byte picks it. Every byte must be accounted for, and the
// witnesses must name what the set holds.
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <vector>

#include "linkdx/isa.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linkdx::isa;
  if (size == 0)
    return 0;
  static constexpr Arch arches[] = {Arch::X86_64, Arch::X86, Arch::AArch64, Arch::PowerPC, Arch::PowerPC64, Arch::SystemZ, Arch::Mips,
                                    Arch::Mips64, Arch::LoongArch64, Arch::Wasm};
  CodeMode mode;
  mode.big_endian = (data[0] & 0x80) != 0;
  mode.thumb = (data[0] & 0x40) != 0;
  std::vector<Branch> branches;
  CodeNeeds needs = from_code(arches[(data[0] & 0x3f) % std::size(arches)], {data + 1, size - 1}, 0x400000, &branches, mode);
  for (const Branch& branch : branches)
    if (branch.field >= size - 1)
      std::abort();
  if (needs.undecoded > size - 1)
    std::abort();
  for (const Witness& witness : needs.witnesses)
    if (!needs.features.has(witness.feature) || witness.offset >= size - 1)
      std::abort();
  return 0;
}
