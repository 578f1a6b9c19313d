// Lines that come again, many at a time. A log of many tries of one build repeats itself for pages, and
// reading each page line by line only to find that everything on it is known would take most of the time. So
// the log is cut into passages at places where nothing is open. A passage that brought nothing new is kept
// with the state before it, its bytes, what it repeated, and the state after it. When the same bytes come
// again in the same state, what they repeat is counted, and they need not be read: the reader is a machine
// whose next state depends on its state and the text alone. States and texts are compared in full, so nothing
// rests on a hash.
//
// A log is cut where a failure was closed, and behind some other lines, chosen by their text (the idea of
// content-defined chunking, Muthitacharoen and others, "A low-bandwidth network file system", 2001), so that
// the same pages are cut at the same places whatever stood before them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "failures.hpp"

namespace linkdx::log {

class Replay {
 public:
  using State = std::uint32_t;

  struct Passage {
    std::string text;
    std::uint64_t lines = 0;
    std::vector<Repetition> repetitions;
    State after = 0;
  };

  /// What a state is, to go back to it.
  struct Memory {
    std::shared_ptr<const Assembler::Settled> assembler;
    bool in_summary = false;
  };

  /// Whether the log may be cut behind this line, whatever it says.
  static bool is_cut(std::string_view line);

  std::optional<State> known(const std::string& state) const;

  /// The state's number; nothing when too much is kept already.
  std::optional<State> intern(const std::string& state);

  /// The memory of a state, which is filled when a passage ends in it.
  Memory& memory(State state) { return memories_[state]; }

  /// The passage that is known to follow in this state and with which `text` begins.
  const Passage* find(State before, std::string_view text) const;

  /// Keeps a passage, unless it is too long or too many are known.
  void keep(State before, Passage passage);

 private:
  static std::uint64_t key_of(State before, std::string_view text);

  std::unordered_map<std::string, State> states_;
  std::vector<Memory> memories_;
  std::vector<Passage> passages_;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> by_beginning_;
  std::size_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace linkdx::log
