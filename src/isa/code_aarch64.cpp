// AArch64: no table says which instruction needs what. LLVM's disassembler enforces features (generated from
// llvm/lib/Target/AArch64/*.td, Predicates), so it is asked: with everything on, which features can be taken away one after the other,
// newest first, so that the word still decodes? What cannot is needed. Taking the newest away first settles the cases where
// several features alone allow an instruction: SVE and streaming SVE (SME) become SVE, which ordinary code means. The
// answer depends only on LLVM's opcode and is remembered for it.
#include <unordered_map>

#include "code.hpp"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "llvm_decoder.hpp"

namespace linkdx::isa {
namespace {

class Prober {
 public:
  Prober() : decoder_(LlvmDecoder::create("aarch64-unknown-linux-gnu", "+v8a")), catalogue_(Catalogue::of(Arch::AArch64)) {
    if (!decoder_)
      return;
    always_ = decoder_->subtarget().getFeatureBits();
    for (const llvm::SubtargetFeatureKV& feature : decoder_->subtarget().getAllProcessorFeatures())
      if (auto found = catalogue_.index_of.find(feature.Key); found != catalogue_.index_of.end()) {
        bit_of_.emplace(found->second, feature.Value);
        all_.add(feature.Key);
      }
    everything_ = bits_of(all_);
    decoder_->subtarget().setFeatureBits(everything_);
  }

  bool ready() const { return decoder_ != nullptr; }
  LlvmDecoder& decoder() { return *decoder_; }

  /// The needs of one instruction word, or null if it is none.
  const FeatureSet* needs_of(std::span<const std::uint8_t> word, std::uint64_t address, llvm::MCInst& instruction) {
    if (decoder_->decode(word, address, instruction) != 4)
      return nullptr;
    auto [entry, is_new] = known_.try_emplace(instruction.getOpcode(), FeatureSet(Arch::AArch64));
    if (is_new)
      entry->second = probe(word, address);
    return &entry->second;
  }

 private:
  llvm::FeatureBitset bits_of(const FeatureSet& features) const {
    llvm::FeatureBitset bits = always_;
    for (const auto& [index, bit] : bit_of_)
      if (Catalogue::test(features, index))
        bits.set(bit);
      else
        bits.reset(bit);
    return bits;
  }

  FeatureSet probe(std::span<const std::uint8_t> word, std::uint64_t address) {
    llvm::MCInst instruction;
    auto decodes_with = [&](const FeatureSet& features) {
      decoder_->subtarget().setFeatureBits(bits_of(features));
      return decoder_->decode(word, address, instruction) == 4;
    };
    FeatureSet needed = all_;
    FeatureSet none(Arch::AArch64);
    if (decodes_with(none)) {
      needed = none;
    } else {
      for (std::size_t i = catalogue_.features.size(); i-- > 0;) {
        if (!Catalogue::test(needed, i))
          continue;
        FeatureSet fewer = needed;
        for (std::size_t later = 0; later < catalogue_.features.size(); ++later)
          if (Catalogue::test(catalogue_.features[later].implied, i))
            Catalogue::clear(fewer, later);
        if (decodes_with(fewer))
          needed = fewer;
      }
    }
    decoder_->subtarget().setFeatureBits(everything_);
    return without_implied(needed);
  }

  std::unique_ptr<LlvmDecoder> decoder_;
  const Catalogue& catalogue_;
  llvm::FeatureBitset always_, everything_;
  std::unordered_map<std::size_t, unsigned> bit_of_;
  FeatureSet all_{Arch::AArch64};
  std::unordered_map<unsigned, FeatureSet> known_;
};

/// Instructions with a distance in them (Arm ARM, C4.1, "Branches, Exception Generating and System instructions").
struct BranchForm { std::uint32_t mask, bits; unsigned shift, width; };
constexpr BranchForm branch_forms[] = {
  {0x7c000000, 0x14000000, 0, 26},   // B, BL
  {0xff000000, 0x54000000, 5, 19},   // B.cond, BC.cond
  {0x7e000000, 0x34000000, 5, 19},   // CBZ, CBNZ
  {0x7e000000, 0x36000000, 5, 14},   // TBZ, TBNZ
};

void add_branch(std::span<const std::uint8_t> bytes, std::uint64_t at, std::uint64_t address, std::uint64_t size,
                std::vector<Branch>& branches) {
  std::uint32_t word = llvm::support::endian::read32le(bytes.data());
  for (const BranchForm& form : branch_forms) {
    if ((word & form.mask) != form.bits)
      continue;
    std::int64_t distance = llvm::SignExtend64(word >> form.shift, form.width) * 4;
    std::uint64_t target = address + at + static_cast<std::uint64_t>(distance);
    if (distance == 0 || target - address >= size)
      branches.push_back({at, target});
    return;
  }
}

}  // namespace

CodeNeeds needs_of_aarch64(std::span<const std::uint8_t> bytes, std::uint64_t address, std::vector<Branch>* branches) {
  thread_local Prober prober;
  CodeNeeds needs;
  needs.features = FeatureSet(Arch::AArch64);
  if (!prober.ready()) {
    needs.undecoded = bytes.size();
    return needs;
  }
  std::size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) {
    llvm::MCInst instruction;
    const FeatureSet* found = prober.needs_of(bytes.subspan(at, 4), address + at, instruction);
    if (found == nullptr) {
      needs.undecoded += 4;
      continue;
    }
    ++needs.instructions;
    if (branches != nullptr)
      add_branch(bytes.subspan(at, 4), at, address, bytes.size(), *branches);
    if (needs.features.contains(*found))
      continue;
    std::string disassembly = prober.decoder().text(instruction, address + at);
    for (std::string& name : found->minus(needs.features).names())
      needs.witnesses.push_back({std::move(name), at, disassembly});
    needs.features.add(*found);
  }
  needs.undecoded += bytes.size() - at;
  return needs;
}

}  // namespace linkdx::isa
