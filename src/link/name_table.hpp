// Symbol names as numbers.
//
// A link has many times more mentions of names than names. Each name is hashed once where it is read and from
// then on is a small number, which indexes plain vectors. The texts stay where they are, in the mapped files.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <llvm/Support/xxhash.h>

namespace linkdx::link {

inline std::uint64_t hash_of(std::string_view name) {
  return llvm::xxh3_64bits(llvm::StringRef(name.data(), name.size()));
}

/// Open addressing with linear probing; at most three quarters full.
class NameTable {
 public:
  static constexpr std::uint32_t none = 0xffffffff;

  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
  std::string_view operator[](std::uint32_t id) const { return names_[id]; }

  /// `name` stays a view: its owner must outlive the table.
  std::uint32_t insert(std::string_view name) { return insert(name, hash_of(name)); }
  std::uint32_t insert(std::string_view name, std::uint64_t hash) {
    if (4 * (names_.size() + 1) > 3 * slots_.size()) grow();
    const std::size_t at = find_slot(name, hash);
    if (slots_[at].id == none) {
      slots_[at] = {hash, size()};
      names_.push_back(name);
    }
    return slots_[at].id;
  }
  /// Keeps its own copy of a name that stands in no file, such as `f@VERSION`.
  std::uint32_t insert_owned(std::string name) {
    if (const std::uint32_t known = find(name); known != none) return known;
    owned_.push_back(std::move(name));
    return insert(owned_.back());
  }
  std::uint32_t find(std::string_view name) const {
    return slots_.empty() ? none : slots_[find_slot(name, hash_of(name))].id;
  }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t id = none;
  };

  std::size_t find_slot(std::string_view name, std::uint64_t hash) const {
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at].id != none && (slots_[at].hash != hash || names_[slots_[at].id] != name))
      at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  void grow() {
    std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.empty() ? 1024 : 2 * old.size(), Slot());
    for (const Slot& slot : old) {
      if (slot.id == none) continue;
      std::size_t at = slot.hash & (slots_.size() - 1);
      while (slots_[at].id != none) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::vector<std::string_view> names_;
  std::deque<std::string> owned_;
};

}  // namespace linkdx::link
