// MIPS code, 32 and 64 bits, both byte orders, probed (code_probed.hpp). Release 6 reuses encodings of
// earlier ones, and Octeon those of coprocessor 2, so those are read apart: Release 6 only where the object
// says so, Octeon where nothing else fits. The compressed encodings (microMIPS, MIPS16) are not read: such
// code counts as undecoded.
#include "code_probed.hpp"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

namespace linkdx::isa {
namespace {

/// MIPS Architecture for Programmers, volume II: branches with 16 bits of distance in words, counted from the
/// next instruction: REGIMM, BEQ, BNE, BLEZ, BGTZ and their likely forms, BC1; and MSA's and Release 6's on
/// coprocessor 1. J and JAL hold no distance and are left to relocations.
template <llvm::endianness order>
void add_branch(const CodeAt& code, std::vector<Branch>& branches) {
  const auto word = llvm::support::endian::read<std::uint32_t>(code.bytes.data(), order);
  const std::uint32_t primary = word >> 26, format = word >> 21 & 0x1f, register_field = word >> 16 & 0x1f;
  const std::uint64_t next = code.address + code.at + 4;
  if (primary == 2 || primary == 3) {
    const std::uint64_t target = (next & ~std::uint64_t{0x0fffffff}) | std::uint64_t{word & 0x3ffffff} << 2;
    add_if_leaving(code.at, target, true, code.address, code.code_size, branches);
    return;
  }
  const bool regimm = primary == 1 && (register_field < 4 || (register_field >= 16 && register_field < 20));
  const bool compare = (primary >= 4 && primary <= 7) || (primary >= 20 && primary <= 23);
  const bool coprocessor = primary == 17 && format == 8;
  if (!regimm && !compare && !coprocessor) return;
  const std::int64_t words = llvm::SignExtend64<16>(word);
  add_if_leaving(code, words * 4 + 4, words == 0 || words == -1, branches);
}

constexpr Reading readings[] = {
    {"mips32r6 cnmips", ""},
    {"mips32r6 msa dsp", ""},  // Octeon
    {"cnmips", "mips32r6"},
};

constexpr ProbedCode code_of(Arch arch, const char* triple, bool big_endian) {
  return {
      .arch = arch,
      .triple = triple,
      .always = "+fp64",
      .readings = readings,
      .add_branch = big_endian ? add_branch<llvm::endianness::big> : add_branch<llvm::endianness::little>};
}
const ProbedCode big_32 = code_of(Arch::Mips, "mips-unknown-linux-gnu", true);
const ProbedCode little_32 = code_of(Arch::Mips, "mipsel-unknown-linux-gnu", false);
const ProbedCode big_64 = code_of(Arch::Mips64, "mips64-unknown-linux-gnuabi64", true);
const ProbedCode little_64 = code_of(Arch::Mips64, "mips64el-unknown-linux-gnuabi64", false);

}  // namespace

CodeNeeds needs_of_mips(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address,
                        std::vector<Branch>* branches, const CodeMode& mode) {
  if (mode.thumb) {
    CodeNeeds unread;
    unread.features = FeatureSet(arch);
    unread.undecoded = bytes.size();
    return unread;
  }
  const ProbedCode& how =
      arch == Arch::Mips ? (mode.big_endian ? big_32 : little_32) : (mode.big_endian ? big_64 : little_64);
  FeatureSet declared(arch);
  declared.add(mode.declared);
  return needs_of_probed(how, bytes, address, branches, declared);
}

}  // namespace linkdx::isa
