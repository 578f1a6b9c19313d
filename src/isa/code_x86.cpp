// x86: instructions are stepped over by tables (x86_steps.hpp), which say what each needs. What the tables
// take for invalid may be newer than they are (x86_newer.hpp); what that does not know either is counted as
// bytes that are no instruction.
#include <algorithm>
#include <array>
#include <deque>

#include "code.hpp"
#include "llvm/Support/Endian.h"
#include "x86_newer.hpp"
#include "x86_steps.hpp"

namespace linkdx::isa {
namespace {

/// A distance of 0 (RELA) or -4 (REL) is what an assembler leaves for a relocation to fill in. The distance
/// ends the instruction.
void add_branch(std::span<const std::uint8_t> bytes, std::uint64_t field, unsigned width,
                std::uint64_t address, std::vector<Branch>& branches) {
  namespace endian = llvm::support::endian;
  const std::uint8_t* at = bytes.data() + field;
  std::int64_t distance = width == 1   ? static_cast<std::int8_t>(*at)
                          : width == 2 ? static_cast<std::int16_t>(endian::read16le(at))
                                       : static_cast<std::int32_t>(endian::read32le(at));
  std::uint64_t target = address + field + width + static_cast<std::uint64_t>(distance);
  if (distance == 0 || distance == -4 || target - address >= bytes.size())
    branches.push_back({field, target});
}

/// Steps inside one stretch of bytes. Its last bytes are copied to where the tables may read past them.
class Stepper {
 public:
  Stepper(Arch arch, std::span<const std::uint8_t> bytes) : is_64_bit_(arch == Arch::X86_64), bytes_(bytes) {
    tail_begin_ = bytes.size() < reach ? 0 : bytes.size() - reach;
    std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(tail_begin_), bytes.end(), tail_.begin());
  }

  X86Step step(std::size_t at) const {
    const std::uint8_t* code = at < tail_begin_ ? bytes_.data() + at : tail_.data() + (at - tail_begin_);
    const X86Step step = is_64_bit_ ? step_x86_64(code) : step_i386(code);
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
  bool is_64_bit_;
  std::span<const std::uint8_t> bytes_;
  std::size_t tail_begin_;
  std::array<std::uint8_t, 2 * reach> tail_{};
  std::array<bool, 256> met_{true};
};

/// Needs gathered in order. A newer instruction is believed only where no byte nearby fails to decode: APX
/// and others use bytes that were invalid in 64-bit code, so tables between functions, read as code, are full
/// of them.
class Gatherer {
 public:
  Gatherer(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address)
      : arch_(arch), bytes_(bytes), address_(address) {
    needs_.features = FeatureSet(arch);
  }

  void known(std::size_t at, std::size_t length, const FeatureSet& found) {
    if (needs_.features.contains(found)) return;
    const std::string text = x86_text(arch_, bytes_.subspan(at, length), address_ + at);
    for (std::string& name : found.minus(needs_.features).names())
      needs_.witnesses.push_back({std::move(name), at, text});
    needs_.features.add(found);
  }

  void instruction() { ++needs_.instructions; }

  /// False where it is taken for data.
  bool newer(std::size_t at, const NewerX86& found) {
    believe(at);
    if (undecoded_end_ != 0 && at < undecoded_end_ + nearby) return false;
    doubtful_.push_back({at, found});
    instruction();
    return true;
  }

  void undecoded(std::size_t at) {
    believe(at);
    for (const Doubtful& one : doubtful_) --needs_.instructions, needs_.undecoded += one.found.length;
    doubtful_.clear();
    ++needs_.undecoded;
    undecoded_end_ = at + 1;
  }

  CodeNeeds take() {
    believe(bytes_.size() + nearby);
    std::stable_sort(needs_.witnesses.begin(), needs_.witnesses.end(),
                     [](const Witness& a, const Witness& b) { return a.offset < b.offset; });
    return std::move(needs_);
  }

 private:
  static constexpr std::size_t nearby = 64;
  struct Doubtful {
    std::size_t at;
    NewerX86 found;
  };

  /// Takes over what lies far enough before `at`.
  void believe(std::size_t at) {
    while (!doubtful_.empty() && doubtful_.front().at + doubtful_.front().found.length + nearby <= at) {
      known(doubtful_.front().at, doubtful_.front().found.length, doubtful_.front().found.features);
      doubtful_.pop_front();
    }
  }

  Arch arch_;
  std::span<const std::uint8_t> bytes_;
  std::uint64_t address_;
  CodeNeeds needs_;
  std::deque<Doubtful> doubtful_;
  std::size_t undecoded_end_ = 0;  ///< behind the last such byte; 0: none
};

}  // namespace

CodeNeeds needs_of_x86(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address,
                       std::vector<Branch>* branches) {
  Gatherer needs(arch, bytes, address);
  Stepper stepper(arch, bytes);
  for (std::size_t at = 0; at < bytes.size();) {
    const X86Step step = stepper.step(at);
    if (step.length != 0) {
      if (stepper.first_of(step.features)) needs.known(at, step.length, features_of_step(arch, step));
      needs.instruction();
      at += step.length;
      if (branches != nullptr && step.branch != 0)
        add_branch(bytes, at - step.branch, step.branch, address, *branches);
      continue;
    }
    const NewerX86 newer = newer_x86(arch, bytes.subspan(at));
    if (newer.length != 0 && needs.newer(at, newer)) {
      at += newer.length;
    } else {
      needs.undecoded(at);
      ++at;
    }
  }
  return needs.take();
}

bool surely_within(Arch arch, std::span<const std::uint8_t> bytes, const FeatureSet& features) {
  if (arch != Arch::X86_64 && arch != Arch::X86) return false;
  const Stepper stepper(arch, bytes);
  std::array<bool, 256> within{true};  // of the classes met
  for (std::size_t at = 0; at < bytes.size();) {
    const X86Step step = stepper.step(at);
    if (step.length == 0) return false;
    if (!within[step.features]) {
      if (!features.contains(features_of_step(arch, step))) return false;
      within[step.features] = true;
    }
    at += step.length;
  }
  return true;
}

}  // namespace linkdx::isa
