// See code_probed.hpp.
#include "code_probed.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "llvm/MC/MCRegisterInfo.h"
#include "llvm_decoder.hpp"

namespace linkdx::isa {
namespace {

/// LLVM's features that are not finished in the release that we link carry a prefix there.
constexpr std::string_view unfinished = "experimental-";

/// Data among the code, learned from the instructions before that load it. It is neither instructions nor
/// unknown.
class Literals {
 public:
  void add(const CodeAt& code, const Literal& literal) {
    const std::int64_t begin = static_cast<std::int64_t>(code.at) + literal.distance;
    if (literal.size > 0 && literal.distance > 0 && static_cast<std::uint64_t>(begin) < code.code_size)
      places_[static_cast<std::uint64_t>(begin)] =
          std::max(places_[static_cast<std::uint64_t>(begin)], literal.size);
  }
  /// How many bytes from there on are data.
  std::size_t size_at(std::uint64_t at) {
    while (!places_.empty() && places_.begin()->first < at) places_.erase(places_.begin());
    return places_.empty() || places_.begin()->first != at ? 0 : places_.begin()->second;
  }

 private:
  std::map<std::uint64_t, std::size_t> places_;
};

class Prober {
 public:
  explicit Prober(const ProbedCode& how)
      : how_(how),
        sweeper_(LlvmDecoder::create(how.triple, how.always)),
        prober_(LlvmDecoder::create(how.triple, how.always)),
        catalogue_(Catalogue::of(how.arch)),
        all_(how.arch) {
    if (!ready()) return;
    always_ = sweeper_->subtarget().getFeatureBits();
    for (const llvm::SubtargetFeatureKV& feature : sweeper_->subtarget().getAllProcessorFeatures()) {
      std::string_view name = feature.Key;
      if (name.starts_with(unfinished)) name.remove_prefix(unfinished.size());
      if (auto found = catalogue_.index_of.find(name); found != catalogue_.index_of.end()) {
        bits_of_.emplace_back(found->second, closed_bits(feature));
        always_.reset(feature.Value);
        Catalogue::set(all_, found->second);
      }
    }
    if (how.readings.empty()) readings_.push_back({all_, bits_of(all_), FeatureSet(how.arch)});
    for (const Reading& reading : how.readings) {
      FeatureSet on = without(all_, feature_words(how.arch, reading.without));
      readings_.push_back({on, bits_of(on), feature_words(how.arch, reading.declared_by)});
    }
    if (how.is_optional_register != nullptr) find_optional_registers();
  }

  bool ready() const { return sweeper_ != nullptr && prober_ != nullptr; }

  CodeNeeds sweep(std::span<const std::uint8_t> bytes, std::uint64_t address, std::vector<Branch>* branches,
                  const FeatureSet& declared) {
    CodeNeeds needs;
    needs.features = FeatureSet(how_.arch);
    const std::vector<std::size_t> order = order_of_readings(declared);
    sweeper_->forget();
    Literals literals;
    for (std::size_t at = 0; at < bytes.size();) {
      if (const std::size_t size = literals.size_at(at); size > 0) {
        at += std::min(size, bytes.size() - at);
        continue;
      }
      llvm::MCInst instruction;
      const Found found = instruction_at(bytes.subspan(at), address + at, order, instruction);
      if (found.size == 0) {
        std::size_t step = how_.step;
        if (how_.length_of != nullptr && bytes.size() - at >= step) step = how_.length_of(bytes.subspan(at));
        step = std::min(step, bytes.size() - at);
        needs.undecoded += step;
        at += step;
        continue;
      }
      const CodeAt code = {bytes.subspan(at), found.size, at, address, bytes.size()};
      ++needs.instructions;
      if (branches != nullptr && how_.add_branch != nullptr) how_.add_branch(code, *branches);
      if (how_.literal_of != nullptr) literals.add(code, how_.literal_of(code));
      const FeatureSet& needed =
          needs_of(code.bytes.first(found.size), address + at, found.reading, instruction);
      if (!needs.features.contains(needed)) {
        const std::string disassembly = sweeper_->text(instruction, address + at);
        for (std::string& name : needed.minus(needs.features).names())
          needs.witnesses.push_back({std::move(name), at, disassembly});
        needs.features.add(needed);
      }
      at += found.size;
    }
    return needs;
  }

 private:
  struct KnownReading {
    FeatureSet on;
    llvm::FeatureBitset bits;
    FeatureSet declared_by;
  };
  struct Found {
    std::uint64_t size = 0;
    std::size_t reading = 0;
  };

  FeatureSet without(FeatureSet features, const FeatureSet& unwanted) const {
    for (std::size_t i = 0; i < catalogue_.features.size(); ++i)
      if (!(catalogue_.features[i].implied.minus(unwanted) == catalogue_.features[i].implied))
        Catalogue::clear(features, i);
    return features;
  }

  /// A feature with all that it implies, what is no feature of the catalogue too: LLVM cuts some finer than
  /// anyone else.
  llvm::FeatureBitset closed_bits(const llvm::SubtargetFeatureKV& feature) const {
    llvm::FeatureBitset bits;
    bits.set(feature.Value);
    for (llvm::FeatureBitset before; before != bits;) {
      before = bits;
      for (const llvm::SubtargetFeatureKV& other : sweeper_->subtarget().getAllProcessorFeatures())
        if (before.test(other.Value)) bits |= other.Implies.getAsBitset();
    }
    return bits;
  }

  llvm::FeatureBitset bits_of(const FeatureSet& features) const {
    llvm::FeatureBitset bits = always_;
    for (const auto& [index, brought] : bits_of_)
      if (Catalogue::test(features, index)) bits |= brought;
    return bits;
  }

  void find_optional_registers() {
    const llvm::MCRegisterInfo& registers = sweeper_->registers();
    optional_registers_.resize(registers.getNumRegs());
    for (unsigned number = 1; number < registers.getNumRegs(); ++number)
      for (llvm::MCPhysReg part : registers.subregs_inclusive(number))
        if (how_.is_optional_register(registers.getName(part))) optional_registers_[number] = true;
  }

  std::vector<std::size_t> order_of_readings(const FeatureSet& declared) const {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < readings_.size(); ++i)
      if (!(declared.minus(readings_[i].declared_by) == declared)) order.push_back(i);
    for (std::size_t i = 0; i < readings_.size(); ++i)
      if (readings_[i].declared_by.empty()) order.push_back(i);
    return order;
  }

  Found instruction_at(std::span<const std::uint8_t> bytes, std::uint64_t address,
                       const std::vector<std::size_t>& order, llvm::MCInst& instruction) {
    for (std::size_t reading : order) {
      if (reading != current_reading_ || !reading_is_set_) {
        sweeper_->subtarget().setFeatureBits(readings_[reading].bits);
        current_reading_ = reading;
        reading_is_set_ = true;
      }
      if (std::uint64_t size = sweeper_->decode(bytes, address, instruction)) return {size, reading};
    }
    return {};
  }

  /// What the needs of an instruction are remembered by.
  struct Key {
    std::size_t reading = 0;
    unsigned opcode = 0;
    bool optional_registers = false;
    std::vector<std::int64_t> numbers = {};  ///< its immediate operands, where they decide
    auto operator<=>(const Key&) const = default;
  };

  const FeatureSet& needs_of(std::span<const std::uint8_t> bytes, std::uint64_t address, std::size_t reading,
                             const llvm::MCInst& instruction) {
    bool optional = false;
    if (!optional_registers_.empty())
      for (const llvm::MCOperand& operand : instruction)
        optional |= operand.isReg() && optional_registers_[operand.getReg()];
    const std::uint64_t plain =
        std::uint64_t{instruction.getOpcode()} << 8 | reading << 1 | (optional ? 1 : 0);
    auto [entry, is_new] = known_.try_emplace(plain);
    if (is_new) {
      entry->second.by_text = contains(how_.decided_by_text, sweeper_->opcode_name(instruction));
      if (!entry->second.by_text) {
        entry->second.needs = probe(bytes, address, readings_[reading], instruction.getOpcode(), {});
        for (const Unenforced& row : how_.unenforced)
          if (row.opcode == sweeper_->opcode_name(instruction))
            entry->second.needs.add(feature_words(how_.arch, row.features));
      }
    }
    if (!entry->second.by_text) return entry->second.needs;
    Key key{reading, instruction.getOpcode(), optional};
    for (const llvm::MCOperand& operand : instruction)
      if (operand.isImm()) key.numbers.push_back(operand.getImm());
    auto [special, is_new_special] = known_by_text_.try_emplace(key);
    if (is_new_special) {
      special->second = probe(bytes, address, readings_[reading], instruction.getOpcode(),
                              sweeper_->text(instruction, address));
      if (how_.also_needs != nullptr)
        special->second.add(feature_words(how_.arch, how_.also_needs(key.numbers)));
    }
    return special->second;
  }

  static bool contains(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  /// The smallest set with which the bytes stay what they are. With `text`, LLVM must also still print them
  /// so.
  FeatureSet probe(std::span<const std::uint8_t> bytes, std::uint64_t address, const KnownReading& reading,
                   unsigned opcode, const std::string& text) {
    auto stays_with = [&](const FeatureSet& features) {
      llvm::MCInst instruction;
      prober_->subtarget().setFeatureBits(bits_of(features));
      prober_->forget();
      if (prober_->decode(bytes, address, instruction) != bytes.size()) return false;
      if (instruction.getOpcode() != opcode) return contains(how_.hints, prober_->opcode_name(instruction));
      return text.empty() || prober_->text(instruction, address) == text;
    };
    FeatureSet needed(how_.arch);
    if (stays_with(needed)) return needed;
    needed = reading.on;
    for (std::size_t i = catalogue_.features.size(); i-- > 0;) {
      if (!Catalogue::test(needed, i)) continue;
      FeatureSet fewer = needed;
      for (std::size_t later = 0; later < catalogue_.features.size(); ++later)
        if (Catalogue::test(catalogue_.features[later].implied, i)) Catalogue::clear(fewer, later);
      if (stays_with(fewer)) needed = fewer;
    }
    return without_implied(needed);
  }

  struct Known {
    bool by_text = false;
    FeatureSet needs;
  };

  const ProbedCode& how_;
  std::unique_ptr<LlvmDecoder> sweeper_;  ///< goes over the code
  std::unique_ptr<LlvmDecoder>
      prober_;  ///< tries one instruction, so that the sweep's state stays what it is
  const Catalogue& catalogue_;
  FeatureSet all_;
  llvm::FeatureBitset always_;
  std::vector<std::pair<std::size_t, llvm::FeatureBitset>> bits_of_;  ///< by the catalogue's number
  std::vector<KnownReading> readings_;
  std::size_t current_reading_ = 0;
  bool reading_is_set_ = false;
  std::vector<bool> optional_registers_;
  std::unordered_map<std::uint64_t, Known> known_;
  std::map<Key, FeatureSet> known_by_text_;
};

}  // namespace

CodeNeeds needs_of_probed(const ProbedCode& how, std::span<const std::uint8_t> bytes, std::uint64_t address,
                          std::vector<Branch>* branches, const FeatureSet& declared) {
  thread_local std::unordered_map<const ProbedCode*, std::unique_ptr<Prober>> probers;
  std::unique_ptr<Prober>& prober = probers[&how];
  if (!prober) prober = std::make_unique<Prober>(how);
  if (prober->ready()) return prober->sweep(bytes, address, branches, declared);
  CodeNeeds needs;
  needs.features = FeatureSet(how.arch);
  needs.undecoded = bytes.size();
  return needs;
}

void add_if_leaving(std::uint64_t field, std::uint64_t target, bool unfilled, std::uint64_t address,
                    std::uint64_t size, std::vector<Branch>& branches) {
  if (unfilled || target - address >= size) branches.push_back({field, target});
}

void add_if_leaving(const CodeAt& code, std::int64_t distance, bool unfilled, std::vector<Branch>& branches) {
  const std::uint64_t target = code.address + code.at + static_cast<std::uint64_t>(distance);
  add_if_leaving(code.at, target, unfilled, code.address, code.code_size, branches);
}

}  // namespace linkdx::isa
