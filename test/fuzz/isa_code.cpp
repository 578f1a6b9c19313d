// Any bytes as code of every architecture that has a scanner. The first byte picks it and the order of bytes,
// the second what the object declares. Every byte must be accounted for, and the witnesses must name what the
// set holds.
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <vector>

#include "linkdx/isa.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linkdx::isa;
  if (size < 2) return 0;
  static constexpr Arch arches[] = {Arch::X86_64,  Arch::X86,     Arch::AArch64, Arch::Arm,
                                    Arch::RiscV32, Arch::RiscV64, Arch::PowerPC, Arch::PowerPC64,
                                    Arch::SystemZ, Arch::Mips,    Arch::Mips64,  Arch::LoongArch64,
                                    Arch::Wasm};
  // Of extensions that share encodings; those of other architectures are ignored.
  static constexpr const char* declared[] = {"mclass", "neon", "cdecp0",   "zcmp",
                                             "zcmt",   "d",    "xtheadba", "mips32r6"};
  const Arch arch = arches[(data[0] & 0x3f) % std::size(arches)];
  CodeMode mode;
  mode.big_endian = (data[0] & 0x80) != 0;
  mode.thumb = (data[0] & 0x40) != 0;
  mode.declared = FeatureSet(arch);
  for (std::size_t i = 0; i < std::size(declared); ++i)
    if ((data[1] >> i & 1) != 0) mode.declared.add(declared[i]);
  const std::size_t length = size - 2;
  std::vector<Branch> branches;
  CodeNeeds needs = from_code(arch, {data + 2, length}, 0x400000, &branches, mode);
  for (const Branch& branch : branches)
    if (branch.field >= length) std::abort();
  if (needs.undecoded > length) std::abort();
  for (const Witness& witness : needs.witnesses)
    if (!needs.features.has(witness.feature) || witness.offset >= length) std::abort();
  return 0;
}
