#include "replay.hpp"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/xxhash.h>

namespace linkdx::log {
namespace {

// One line of so many is a place to cut: short enough to be found again soon, long enough to be worth it.
constexpr std::uint64_t kCutMask = 15;
constexpr std::size_t kLongestPassage = std::size_t{256} << 10;
constexpr std::size_t kMostBytes = std::size_t{24} << 20;  // of states and passages
constexpr std::size_t kMostAlike = 8;                      // passages with one beginning
constexpr std::size_t kCostOfPassage = 256;                // beside its text
constexpr std::size_t kCostOfState = 2048;

std::uint64_t hash_of(std::string_view text) {
  return llvm::xxh3_64bits(llvm::StringRef(text.data(), text.size()));
}

}  // namespace

bool Replay::is_cut(std::string_view line) {
  return (hash_of(line) & kCutMask) == 0;
}

/// Of the state and the first line: the shortest passage is a line.
std::uint64_t Replay::key_of(State before, std::string_view text) {
  return hash_of(text.substr(0, text.find('\n'))) ^ (before + 1) * 0x9E3779B97F4A7C15u;
}

std::optional<Replay::State> Replay::known(const std::string& state) const {
  auto entry = states_.find(state);
  return entry == states_.end() ? std::nullopt : std::optional<State>(entry->second);
}

std::optional<Replay::State> Replay::intern(const std::string& state) {
  if (std::optional<State> before = known(state)) return before;
  if (full_) return std::nullopt;
  // A command is in it three times: in the key, as its line and as its arguments.
  bytes_ += 3 * state.size() + kCostOfState;
  full_ = bytes_ > kMostBytes;
  State number = static_cast<State>(memories_.size());
  states_.emplace(state, number);
  memories_.emplace_back();
  return number;
}

const Replay::Passage* Replay::find(State before, std::string_view text) const {
  if (text.empty()) return nullptr;
  auto alike = by_beginning_.find(key_of(before, text));
  if (alike == by_beginning_.end()) return nullptr;
  for (std::uint32_t index : alike->second)
    if (text.starts_with(passages_[index].text)) return &passages_[index];
  return nullptr;
}

void Replay::keep(State before, Passage passage) {
  if (full_ || passage.text.empty() || passage.text.size() > kLongestPassage) return;
  std::vector<std::uint32_t>& alike = by_beginning_[key_of(before, passage.text)];
  if (alike.size() >= kMostAlike) return;
  bytes_ += passage.text.size() + kCostOfPassage + passage.repetitions.size() * sizeof(Repetition);
  full_ = bytes_ > kMostBytes;
  alike.push_back(static_cast<std::uint32_t>(passages_.size()));
  passages_.push_back(std::move(passage));
}

}  // namespace linkdx::log
