// Zydis's answers as features: it says which ISA set an instruction belongs to (the sets are Intel XED's),
// x86_isa_sets.inc says what a set needs, x86_mnemonics.inc which instructions differ from their set. This is
// where the step tables come from and what they are held against: scripts/generate-x86-steps, the tests and
// the benchmark include it. The library does not, and links no Zydis.
#pragma once

#include <Zydis/Zydis.h>

#include <array>
#include <span>
#include <string_view>
#include <unordered_map>

#include "code.hpp"

namespace linkdx::isa {

/// What instructions need, in words of the tables.
class ZydisWords {
 public:
  explicit ZydisWords(Arch arch) {
    counts_in_.fill(none);
#define ISA_SET(name, features) isa_sets_[ZYDIS_ISA_SET_##name] = features;
#include "x86_isa_sets.inc"
#undef ISA_SET
#define MNEMONIC(name, isa_set, features, source) \
  mnemonics_[ZYDIS_MNEMONIC_##name] = features, counts_in_[ZYDIS_MNEMONIC_##name] = ZYDIS_ISA_SET_##isa_set;
#include "x86_mnemonics.inc"
#undef MNEMONIC
    if (arch == Arch::X86)  // 32-bit CPUs before 2004 fault on it
      mnemonics_[ZYDIS_MNEMONIC_PREFETCH] = mnemonics_[ZYDIS_MNEMONIC_PREFETCHW] = "prfchw";
    else  // every 64-bit CPU but the very first has lahf, and its feature means lahf in 64-bit code
      isa_sets_[ZYDIS_ISA_SET_LAHF] = "sahf";
  }

  std::string_view of(const ZydisDecodedInstruction& instruction) const {
    const int set = counts_in_[instruction.mnemonic];
    const bool differs = set == ZYDIS_ISA_SET_INVALID || set == static_cast<int>(instruction.meta.isa_set);
    return differs ? mnemonics_[instruction.mnemonic] : isa_sets_[instruction.meta.isa_set];
  }

 private:
  static constexpr int none = -1;
  std::array<std::string_view, ZYDIS_ISA_SET_MAX_VALUE + 1> isa_sets_;
  std::array<std::string_view, ZYDIS_MNEMONIC_MAX_VALUE + 1> mnemonics_;
  /// The ISA set in which `mnemonics_` counts for it; ZYDIS_ISA_SET_INVALID any.
  std::array<int, ZYDIS_MNEMONIC_MAX_VALUE + 1> counts_in_;
};

/// The same as sets.
class ZydisNeeds {
 public:
  explicit ZydisNeeds(Arch arch) : arch_(arch), words_(arch) {}

  const FeatureSet& of(const ZydisDecodedInstruction& instruction) const {
    const std::string_view words = words_.of(instruction);
    return sets_.try_emplace(words, feature_words(arch_, words)).first->second;
  }

 private:
  Arch arch_;
  ZydisWords words_;
  mutable std::unordered_map<std::string_view, FeatureSet> sets_;
};

inline ZydisDecoder zydis_decoder(Arch arch) {
  ZydisDecoder decoder;
  if (arch == Arch::X86)
    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_COMPAT_32, ZYDIS_STACK_WIDTH_32);
  else
    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  return decoder;
}

/// Whether an instruction set is Knights Corner's. No other CPU has them, the objects of that one were of a
/// machine of their own, and APX gives the bits of its MVEX another meaning.
inline bool only_knights_corner(ZydisISASet set) {
  switch (set) {
    case ZYDIS_ISA_SET_KNCE:
    case ZYDIS_ISA_SET_KNCJKBR:
    case ZYDIS_ISA_SET_KNCSTREAM:
    case ZYDIS_ISA_SET_KNCV:
    case ZYDIS_ISA_SET_KNC_MISC:
    case ZYDIS_ISA_SET_KNC_PF_HINT:
      return true;
    default:
      return false;
  }
}

/// Whether the bytes begin with an instruction, other than one of Knights Corner.
inline bool zydis_decodes(const ZydisDecoder& decoder, std::span<const std::uint8_t> bytes,
                          ZydisDecodedInstruction& instruction) {
  return ZYAN_SUCCESS(
             ZydisDecoderDecodeInstruction(&decoder, nullptr, bytes.data(), bytes.size(), &instruction)) &&
         instruction.encoding != ZYDIS_INSTRUCTION_ENCODING_MVEX &&
         !only_knights_corner(instruction.meta.isa_set);
}

/// Bytes of the distance at the end of a relative branch; 0 for any other instruction.
inline unsigned branch_width(const ZydisDecodedInstruction& instruction) {
  return instruction.raw.imm[0].is_relative ? instruction.raw.imm[0].size / 8 : 0;
}

}  // namespace linkdx::isa
