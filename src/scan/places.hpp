// Places in an object, which code covers them, and where relocations lead.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "linkdx/scan.hpp"

namespace linkdx::scan {

/// A place in an object: a section's index and an offset, or index 0 and an address in a linked file.
struct Place {
  std::uint32_t section = 0;
  std::uint64_t offset = 0;
  auto operator<=>(const Place&) const = default;
};

inline bool is_linked(const artifact::Object& object) {
  return artifact::is_linked(object.kind());
}

/// Sorts uses and leaves of each thing's the first.
void keep_first(std::vector<Use>& uses);

/// The relocations of a relocatable object by the place they patch.
class Relocations {
 public:
  explicit Relocations(const artifact::Object& object);
  /// Where the branch leads whose distance stands at `field`: section 0 is out of the object. Nothing where
  /// no relocation is. `target` is where the bytes alone lead: they hold the addend where the relocation does
  /// not.
  std::optional<Place> target_of(const Place& field, std::uint64_t target) const;
  /// Where any other relocation leads. On x86 a distance counts from the end of its field, which is made up
  /// for.
  Place target_of(const artifact::Relocation& relocation) const;
  const std::map<Place, artifact::Relocation>& all() const { return targets_; }

 private:
  std::map<Place, artifact::Relocation> targets_;
  std::uint16_t machine_ = 0;
  std::uint64_t from_end_ = 0;
};

/// Which code covers a place. Code is sorted by section and address; inner ranges come after outer ones.
class Finder {
 public:
  Finder(const std::vector<ScannedCode>& code, bool linked);
  std::optional<std::uint32_t> at(const Place& place) const;

 private:
  Place begin_of(std::uint32_t index) const {
    return {linked_ ? 0 : code_[index].section, code_[index].address};
  }

  const std::vector<ScannedCode>& code_;
  bool linked_;
  std::vector<std::uint32_t> order_;
};

}  // namespace linkdx::scan
