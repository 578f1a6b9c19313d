// x86: each instruction belongs to one ISA set, which Zydis knows (the sets are XED's), and each ISA set needs certain CPUID features
// (x86_isa_sets.inc). On x86-64 nearly all instructions are stepped over by tables made from Zydis (x86_steps.hpp); what those
// are not sure of, and all of i386, is decoded. Instructions newer than Zydis 4.0 are LLVM's to decode; LLVM does not enforce
// features on x86, so those are told by opcode name (x86_llvm_opcodes.inc).
#include <Zydis/Zydis.h>

#include <algorithm>
#include <array>

#include "code.hpp"
#include "code_x86.hpp"
#include "llvm/Support/Endian.h"
#include "llvm_decoder.hpp"
#include "x86_steps.hpp"

namespace linkdx::isa {
namespace {

struct NamedFeatures { std::string_view name, features; };
constexpr NamedFeatures llvm_opcodes[] = {
#define OPCODE(prefix, features) {prefix, features},
#include "x86_llvm_opcodes.inc"
#undef OPCODE
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

/// A distance of 0 (RELA) or -4 (REL) is what an assembler leaves for a relocation to fill in. The distance ends the instruction.
void add_branch(std::span<const std::uint8_t> bytes, std::uint64_t field, unsigned width, std::uint64_t address,
                std::vector<Branch>& branches) {
  namespace endian = llvm::support::endian;
  const std::uint8_t* at = bytes.data() + field;
  std::int64_t distance = width == 1 ? static_cast<std::int8_t>(*at)
                          : width == 2 ? static_cast<std::int16_t>(endian::read16le(at)) : static_cast<std::int32_t>(endian::read32le(at));
  std::uint64_t target = address + field + width + static_cast<std::uint64_t>(distance);
  if (distance == 0 || distance == -4 || target - address >= bytes.size())
    branches.push_back({field, target});
}

const std::array<FeatureSet, std::size(step_classes)>& step_features() {
  static const auto sets = [] {
    std::array<FeatureSet, std::size(step_classes)> sets;
    for (std::size_t i = 0; i < sets.size(); ++i)
      sets[i] = feature_words(Arch::X86_64, step_classes[i]);
    return sets;
  }();
  return sets;
}

/// Steps inside one stretch of bytes. Its last bytes are copied to where the tables may read past them.
class Stepper {
 public:
  explicit Stepper(std::span<const std::uint8_t> bytes) : bytes_(bytes) {
    tail_begin_ = bytes.size() < reach ? 0 : bytes.size() - reach;
    std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(tail_begin_), bytes.end(), tail_.begin());
  }

  X86Step step(std::size_t at) const {
    const X86Step step = step_x86_64(at < tail_begin_ ? bytes_.data() + at : tail_.data() + (at - tail_begin_));
    return step.length <= bytes_.size() - at ? step : X86Step{};
  }

  /// Whether the class was not met before; never for the class that needs nothing.
  bool first_of(unsigned features) {
    const bool first = !met_[features];
    met_[features] = true;
    return first;
  }

 private:
  static constexpr std::size_t reach = 32;
  std::span<const std::uint8_t> bytes_;
  std::size_t tail_begin_;
  std::array<std::uint8_t, 2 * reach> tail_{};
  std::array<bool, 256> met_{true};
};

/// APX gives every EVEX instruction two more register bits, which Zydis takes for invalid (Intel 355828, 3.1.2.2: B4 and X4). With them
/// put back it decodes; then what it needs is that and the registers r16 to r31. Empty where that is not so.
FeatureSet needs_with_more_registers(const ZydisDecoder& decoder, std::span<const std::uint8_t> window, std::uint64_t size) {
  FeatureSet needs(Arch::X86_64);
  constexpr std::uint8_t b4 = 0x08, x4_inverted = 0x04;
  if (window.size() < 6 || window[0] != 0x62 || ((window[1] & b4) == 0 && (window[2] & x4_inverted) != 0))
    return needs;
  std::array<std::uint8_t, 16> bytes{};
  std::copy(window.begin(), window.end(), bytes.begin());
  bytes[1] &= static_cast<std::uint8_t>(~b4);
  bytes[2] |= x4_inverted;
  ZydisDecodedInstruction instruction;
  if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, bytes.data(), window.size(), &instruction)) || instruction.length != size)
    return needs;
  needs.add(needs_of_zydis(Arch::X86_64, instruction));
  needs.add("egpr");
  return needs;
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
  Stepper stepper(bytes);
  while (at < bytes.size()) {
    if (arch == Arch::X86_64) {
      const X86Step step = stepper.step(at);
      if (step.length != 0) {
        if (stepper.first_of(step.features))
          add(step_features()[step.features], [&] { return zydis_text(decoder, bytes.subspan(at), address + at); });
        ++needs.instructions;
        at += step.length;
        if (branches != nullptr && step.branch != 0)
          add_branch(bytes, at - step.branch, step.branch, address, *branches);
        continue;
      }
    }
    std::span<const std::uint8_t> rest = bytes.subspan(at);
    ZydisDecodedInstruction instruction;
    if (ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, rest.data(), rest.size(), &instruction))) {
      const FeatureSet& found = needs_of_zydis(arch, instruction);
      add(found, [&] { return zydis_text(decoder, rest, address + at); });
      ++needs.instructions;
      at += instruction.length;
      if (branches != nullptr && instruction.raw.imm[0].is_relative)
        add_branch(bytes, at - instruction.raw.imm[0].size / 8, instruction.raw.imm[0].size / 8, address, *branches);
      continue;
    }
    llvm::MCInst newer;
    LlvmDecoder* llvm = llvm_decoder(arch);
    std::span<const std::uint8_t> window = rest.subspan(0, std::min<std::size_t>(rest.size(), 16));
    std::uint64_t size = llvm == nullptr ? 0 : llvm->decode(window, address + at, newer);
    FeatureSet found(arch);
    if (size > 0 && size <= rest.size())
      found = needs_by_opcode(arch, llvm->opcode_name(newer), window);
    if (found.empty() && arch == Arch::X86_64 && size > 0 && size <= rest.size())
      found = needs_with_more_registers(decoder, window, size);
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
