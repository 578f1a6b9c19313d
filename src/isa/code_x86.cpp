// x86: each instruction belongs to one ISA set, which Zydis knows (the sets are XED's), and each ISA set needs certain CPUID features
// (x86_isa_sets.inc). Instructions newer than Zydis 4.0 are LLVM's to decode; LLVM does not enforce features on x86, so those are
// told by opcode name (x86_llvm_opcodes.inc).
#include <Zydis/Zydis.h>

#include <array>

#include "code.hpp"
#include "llvm_decoder.hpp"

namespace linkdx::isa {
namespace {

struct NamedFeatures { std::string_view name, features; };
constexpr NamedFeatures llvm_opcodes[] = {
#define OPCODE(prefix, features) {prefix, features},
#include "x86_llvm_opcodes.inc"
#undef OPCODE
};

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

std::string zydis_text(const ZydisDecoder& decoder, std::span<const std::uint8_t> bytes, std::uint64_t address) {
  ZydisDecodedInstruction instruction;
  std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
  ZydisFormatter formatter;
  std::array<char, 256> text{};
  if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes.data(), bytes.size(), &instruction, operands.data())) ||
      !ZYAN_SUCCESS(ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_INTEL)) ||
      !ZYAN_SUCCESS(ZydisFormatterFormatInstruction(&formatter, &instruction, operands.data(), instruction.operand_count_visible,
                                                    text.data(), text.size(), address, nullptr)))
    return {};
  return text.data();
}

/// What an instruction needs that only LLVM decodes. Empty where it has no row.
FeatureSet needs_by_opcode(Arch arch, const std::string& opcode, std::span<const std::uint8_t> bytes) {
  FeatureSet needs(arch);
  for (const NamedFeatures& row : llvm_opcodes)
    if (std::string_view(opcode).starts_with(row.name)) {
      needs.add(feature_words(arch, row.features));
      break;
    }
  // APX (Intel 355828, chapter 3): the REX2 prefix and EVEX map 4 reach registers r16 to r31; suffixes name its other parts.
  std::string_view name = opcode;
  if (name.find("_NF") != std::string_view::npos)
    needs.add("nf");
  if (name.find("_ND") != std::string_view::npos)
    needs.add("ndd");
  bool rex2 = arch == Arch::X86_64 && !bytes.empty() && bytes[0] == 0xD5;
  if (rex2 || name.find("_EVEX") != std::string_view::npos)
    needs.add("egpr");
  return needs;
}

/// A distance of 0 (RELA) or -4 (REL) is what an assembler leaves for a relocation to fill in.
void add_branch(const ZydisDecodedInstruction& instruction, std::uint64_t at, std::uint64_t address, std::uint64_t size,
                std::vector<Branch>& branches) {
  std::int64_t distance = instruction.raw.imm[0].value.s;
  std::uint64_t target = address + at + instruction.length + static_cast<std::uint64_t>(distance);
  if (distance == 0 || distance == -4 || target - address >= size)
    branches.push_back({at + instruction.raw.imm[0].offset, target});
}

LlvmDecoder* llvm_decoder(Arch arch) {
  thread_local std::array<std::unique_ptr<LlvmDecoder>, 2> decoders;
  std::unique_ptr<LlvmDecoder>& decoder = decoders[arch == Arch::X86 ? 0 : 1];
  if (!decoder)
    decoder = LlvmDecoder::create(arch == Arch::X86 ? "i386-unknown-linux-gnu" : "x86_64-unknown-linux-gnu", "");
  return decoder.get();
}

}  // namespace

CodeNeeds needs_of_x86(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address, std::vector<Branch>* branches) {
  CodeNeeds needs;
  needs.features = FeatureSet(arch);
  const Tables& tables = Tables::of(arch);
  ZydisDecoder decoder;
  if (!ZYAN_SUCCESS(arch == Arch::X86 ? ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_COMPAT_32, ZYDIS_STACK_WIDTH_32)
                                      : ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64))) {
    needs.undecoded = bytes.size();
    return needs;
  }
  std::size_t at = 0;
  auto add = [&](const FeatureSet& found, auto&& text) {
    if (needs.features.contains(found))
      return;
    std::string disassembly = text();
    for (std::string& name : found.minus(needs.features).names())
      needs.witnesses.push_back({std::move(name), at, disassembly});
    needs.features.add(found);
  };
  while (at < bytes.size()) {
    std::span<const std::uint8_t> rest = bytes.subspan(at);
    ZydisDecodedInstruction instruction;
    if (ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, rest.data(), rest.size(), &instruction))) {
      const FeatureSet& found = tables.needs_of(instruction);
      add(found, [&] { return zydis_text(decoder, rest, address + at); });
      ++needs.instructions;
      if (branches != nullptr && instruction.raw.imm[0].is_relative)
        add_branch(instruction, at, address, bytes.size(), *branches);
      at += instruction.length;
      continue;
    }
    llvm::MCInst newer;
    LlvmDecoder* llvm = llvm_decoder(arch);
    std::span<const std::uint8_t> window = rest.subspan(0, std::min<std::size_t>(rest.size(), 16));
    std::uint64_t size = llvm == nullptr ? 0 : llvm->decode(window, address + at, newer);
    FeatureSet found(arch);
    if (size > 0 && size <= rest.size())
      found = needs_by_opcode(arch, llvm->opcode_name(newer), window);
    if (found.empty()) {   // no instruction, or one that nobody can name the feature of
      ++needs.undecoded;
      ++at;
      continue;
    }
    add(found, [&] { return llvm->text(newer, address + at); });
    ++needs.instructions;
    at += size;
  }
  return needs;
}

}  // namespace linkdx::isa
