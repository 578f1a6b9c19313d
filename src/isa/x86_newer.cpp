// LLVM does not enforce features on x86, so what its decoder alone knows is told by opcode name
// (x86_llvm_opcodes.inc). APX is the exception: it is a matter of prefixes (Intel 355828, chapter 3), which
// bring the registers r16 to r31 to every older instruction.
#include "x86_newer.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "code.hpp"
#include "llvm_decoder.hpp"
#include "x86_steps.hpp"

namespace linkdx::isa {
namespace {

struct NamedFeatures {
  std::string_view name, features;
  bool only_apx;
};
constexpr NamedFeatures llvm_opcodes[] = {
#define OPCODE(prefix, features) {prefix, features, false},
#define APX_OPCODE(prefix, features) {prefix, features, true},
#include "x86_llvm_opcodes.inc"
#undef OPCODE
#undef APX_OPCODE
};

constexpr std::size_t longest = 15;

LlvmDecoder* llvm_decoder(Arch arch) {
  thread_local std::array<std::unique_ptr<LlvmDecoder>, 2> decoders;
  std::unique_ptr<LlvmDecoder>& decoder = decoders[arch == Arch::X86 ? 0 : 1];
  if (!decoder) decoder = LlvmDecoder::create(arch == Arch::X86 ? "i386-linux-gnu" : "x86_64-linux-gnu", "");
  return decoder.get();
}

/// What an instruction needs by LLVM's name for it. Empty where it has no row.
FeatureSet needs_by_opcode(Arch arch, std::string_view opcode) {
  FeatureSet needs(arch);
  // Suffixes name APX's parts; EVEX map 4 reaches registers r16 to r31.
  if (opcode.find("_NF") != opcode.npos) needs.add("nf");
  if (opcode.find("_ND") != opcode.npos) needs.add("ndd");
  if (opcode.find("_EVEX") != opcode.npos) needs.add("egpr");
  const bool apx = !needs.empty();
  for (const NamedFeatures& row : llvm_opcodes)
    if (opcode.starts_with(row.name) && (apx || !row.only_apx)) {
      needs.add(feature_words(arch, row.features));
      break;
    }
  return needs;
}

/// The older instruction that an APX encoding extends, without the extension. Nothing where it extends none.
std::vector<std::uint8_t> without_apx(std::span<const std::uint8_t> bytes) {
  std::vector<std::uint8_t> older(bytes.begin(), bytes.end());
  // Two register bits more in every EVEX prefix, which are invalid without APX (Intel 355828, 3.1.2.2: B4 and
  // X4). X4 belongs to an index. With registers alone it is no register bit: AVX10.2 meant it for a rounding
  // mode at 256 bits, then gave that up, and LLVM 19 reads it as 512 bits.
  constexpr std::uint8_t b4 = 0x08, x4_inverted = 0x04, registers_alone = 0xc0;
  const bool has_evex = bytes.size() > 5 && bytes[0] == 0x62;
  const bool clear_x4 = has_evex && (bytes[2] & x4_inverted) == 0;
  if (clear_x4 && bytes[5] >= registers_alone) return {};
  if (has_evex && ((bytes[1] & b4) != 0 || clear_x4)) {
    older[1] &= static_cast<std::uint8_t>(~b4);
    older[2] |= x4_inverted;
    return older;
  }
  // REX2 (3.1.2.1) is two bytes, after the legacy prefixes: REX's bits, the fourth bits of registers, and the
  // opcode map.
  std::size_t at = 0;
  while (at + 2 < bytes.size() && prefix_kinds_64[bytes[at]] != PrefixKind::None &&
         prefix_kinds_64[bytes[at]] < PrefixKind::Rex)
    ++at;
  if (at + 2 >= bytes.size() || bytes[at] != 0xd5) return {};
  older[at] = 0x40 | (bytes[at + 1] & 15);
  if ((bytes[at + 1] & 0x80) != 0)
    older[at + 1] = 0x0f;
  else
    older.erase(older.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  return older;
}

/// What the older instruction needs, and the registers r16 to r31 that the encoding is for. Empty where that
/// is not so.
FeatureSet needs_without_apx(std::span<const std::uint8_t> instruction) {
  FeatureSet needs(Arch::X86_64);
  std::vector<std::uint8_t> older = without_apx(instruction);
  const std::size_t length = older.size();
  if (length == 0) return needs;
  older.resize(length + 32);
  const X86Step step = step_x86_64(older.data());
  if (step.length != length) return needs;
  needs.add(features_of_step(Arch::X86_64, step));
  needs.add("egpr");
  return needs;
}

}  // namespace

NewerX86 newer_x86(Arch arch, std::span<const std::uint8_t> bytes) {
  NewerX86 newer{0, FeatureSet(arch)};
  LlvmDecoder* llvm = llvm_decoder(arch);
  bytes = bytes.subspan(0, std::min(bytes.size(), longest));
  llvm::MCInst instruction;
  const std::uint64_t length = llvm == nullptr || bytes.empty() ? 0 : llvm->decode(bytes, 0, instruction);
  if (length == 0 || length > bytes.size()) return newer;
  newer.features = needs_by_opcode(arch, llvm->opcode_name(instruction));
  if (arch == Arch::X86_64) newer.features.add(needs_without_apx(bytes.subspan(0, length)));
  if (!newer.features.empty()) newer.length = length;
  return newer;
}

std::string x86_text(Arch arch, std::span<const std::uint8_t> instruction, std::uint64_t address) {
  LlvmDecoder* llvm = llvm_decoder(arch);
  llvm::MCInst decoded;
  if (llvm != nullptr && llvm->decode(instruction, address, decoded) == instruction.size())
    return llvm->text(decoded, address);
  std::string text = ".byte";
  for (const std::uint8_t byte : instruction) {
    static constexpr char digits[] = "0123456789abcdef";
    text += text.size() == 5 ? " 0x" : ", 0x";
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace linkdx::isa
