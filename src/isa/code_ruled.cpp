// See code_ruled.hpp.
#include "code_ruled.hpp"

#include <algorithm>
#include <memory>
#include <unordered_map>

#include "llvm_decoder.hpp"

namespace linkdx::isa {
namespace {

class Reader {
 public:
  explicit Reader(const RuledCode& how)
      : how_(how), decoder_(LlvmDecoder::create(how.triple, how.features)) {}

  CodeNeeds sweep(std::span<const std::uint8_t> bytes, std::uint64_t address, std::vector<Branch>* branches) {
    CodeNeeds needs;
    needs.features = FeatureSet(how_.arch);
    for (std::size_t at = 0; at < bytes.size();) {
      llvm::MCInst instruction;
      const std::size_t size = decoder_ ? decoder_->decode(bytes.subspan(at), address + at, instruction) : 0;
      const FeatureSet* needed = size == 0 ? nullptr : needs_of(instruction);
      if (needed == nullptr) {
        const std::size_t step =
            std::min<std::size_t>(std::max<std::size_t>(size, how_.step), bytes.size() - at);
        needs.undecoded += step;
        at += step;
        continue;
      }
      ++needs.instructions;
      if (branches != nullptr) how_.add_branch(bytes.subspan(at, size), at, address, bytes.size(), *branches);
      if (!needs.features.contains(*needed)) {
        const std::string disassembly = decoder_->text(instruction, address + at);
        for (std::string& name : needed->minus(needs.features).names())
          needs.witnesses.push_back({std::move(name), at, disassembly});
        needs.features.add(*needed);
      }
      at += size;
    }
    return needs;
  }

 private:
  /// Null for an opcode that the table does not have.
  const FeatureSet* needs_of(const llvm::MCInst& instruction) {
    auto [entry, is_new] = known_.try_emplace(instruction.getOpcode());
    if (is_new)
      if (std::optional<std::string_view> words = how_.needs(decoder_->opcode_name(instruction)))
        entry->second = feature_words(how_.arch, *words);
    return entry->second ? &*entry->second : nullptr;
  }

  const RuledCode& how_;
  std::unique_ptr<LlvmDecoder> decoder_;
  std::unordered_map<unsigned, std::optional<FeatureSet>> known_;
};

}  // namespace

CodeNeeds needs_of_ruled(const RuledCode& how, std::span<const std::uint8_t> bytes, std::uint64_t address,
                         std::vector<Branch>* branches) {
  thread_local std::unordered_map<const RuledCode*, std::unique_ptr<Reader>> readers;
  std::unique_ptr<Reader>& reader = readers[&how];
  if (!reader) reader = std::make_unique<Reader>(how);
  return reader->sweep(bytes, address, branches);
}

}  // namespace linkdx::isa
