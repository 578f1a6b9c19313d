// What an x86 instruction needs, once Zydis has said which ISA set it belongs to: the tables of ISA sets and of the instructions that
// differ from theirs.
#include "code_x86.hpp"

#include <array>

#include "code.hpp"

namespace linkdx::isa {
namespace {

struct Tables {
  std::array<FeatureSet, ZYDIS_ISA_SET_MAX_VALUE + 1> isa_sets;
  std::array<FeatureSet, ZYDIS_MNEMONIC_MAX_VALUE + 1> mnemonics;
  /// The ISA set in which `mnemonics` counts for it; -1 none, ZYDIS_ISA_SET_INVALID any.
  std::array<std::int16_t, ZYDIS_MNEMONIC_MAX_VALUE + 1> overridden;

  explicit Tables(Arch arch) {
    isa_sets.fill(FeatureSet(arch));
    mnemonics.fill(FeatureSet(arch));
    overridden.fill(-1);
#define ISA_SET(name, features) isa_sets[ZYDIS_ISA_SET_##name] = feature_words(arch, features);
#include "x86_isa_sets.inc"
#undef ISA_SET
#define MNEMONIC(name, isa_set, features, source) \
  mnemonics[ZYDIS_MNEMONIC_##name] = feature_words(arch, features), overridden[ZYDIS_MNEMONIC_##name] = ZYDIS_ISA_SET_##isa_set;
#include "x86_mnemonics.inc"
#undef MNEMONIC
    if (arch == Arch::X86)   // 32-bit CPUs before 2004 fault on it
      for (ZydisMnemonic mnemonic : {ZYDIS_MNEMONIC_PREFETCH, ZYDIS_MNEMONIC_PREFETCHW})
        mnemonics[mnemonic] = feature_words(arch, "prfchw");
    else   // every 64-bit CPU but the very first has lahf, and its feature means lahf in 64-bit code
      isa_sets[ZYDIS_ISA_SET_LAHF] = feature_words(arch, "sahf");
  }

  const FeatureSet& needs_of(const ZydisDecodedInstruction& instruction) const {
    std::int16_t set = overridden[instruction.mnemonic];
    bool other = set == ZYDIS_ISA_SET_INVALID || set == static_cast<std::int16_t>(instruction.meta.isa_set);
    return other ? mnemonics[instruction.mnemonic] : isa_sets[instruction.meta.isa_set];
  }

  static const Tables& of(Arch arch) {
    if (arch == Arch::X86) {
      static const Tables tables(Arch::X86);
      return tables;
    }
    static const Tables tables(Arch::X86_64);
    return tables;
  }
};

}  // namespace

const FeatureSet& needs_of_zydis(Arch arch, const ZydisDecodedInstruction& instruction) { return Tables::of(arch).needs_of(instruction); }

}  // namespace linkdx::isa
