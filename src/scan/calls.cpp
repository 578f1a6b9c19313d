// Calls inside an object. A function can fault on what it calls, so what it needs is its own and all that it reaches by direct calls
// and jumps (a jump, because of tail calls and of `.cold` parts). Calls through pointers are not followed: that is how code
// chooses between kernels at run time.
//
// In a linked file the instruction holds the distance. In an object the assembler leaves that to a relocation at the distance's place,
// which names a symbol, or a section and an offset in it (gABI, "Relocation").
#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include <llvm/BinaryFormat/ELF.h>

#include "linkdx/scan.hpp"

namespace linkdx::scan {
namespace {

/// A place in an object: a section's index and an offset, or index 0 and an address in a linked file.
struct Place {
  std::uint32_t section = 0;
  std::uint64_t offset = 0;
  auto operator<=>(const Place&) const = default;
};

/// Where the relocations of a relocatable object lead.
class Relocations {
 public:
  explicit Relocations(const artifact::Object& object) {
    const std::uint16_t machine = object.machine().elf_machine;
    // x86 counts a distance from the end of its field, which the addend makes up for.
    from_end_ = machine == llvm::ELF::EM_X86_64 || machine == llvm::ELF::EM_386 ? 4 : 0;
    object.visit_relocations([this](const artifact::Relocation& relocation) {
      targets_.insert_or_assign(Place{relocation.section, relocation.offset}, relocation);
    });
  }

  /// Where the branch leads whose distance stands at `field`: section 0 is out of the object. Nothing where no relocation is.
  /// `target` is where the bytes alone lead: they hold the addend where the relocation does not.
  std::optional<Place> target_of(const Place& field, std::uint64_t target) const {
    const auto found = targets_.find(field);
    if (found == targets_.end()) return std::nullopt;
    const artifact::Relocation& relocation = found->second;
    if (relocation.target_section == 0) return Place{};
    const std::uint64_t distance =
        relocation.addend ? static_cast<std::uint64_t>(*relocation.addend) + from_end_ : target - field.offset;
    return Place{relocation.target_section, relocation.target_value + distance};
  }

 private:
  std::map<Place, artifact::Relocation> targets_;
  std::uint64_t from_end_ = 0;
};

/// Which code covers a place. Code is sorted by section and address; inner ranges come after outer ones.
class Finder {
 public:
  Finder(const std::vector<ScannedCode>& code, bool linked) : code_(code), linked_(linked) {
    for (std::uint32_t i = 0; i < code.size(); ++i) order_.push_back(i);
    std::stable_sort(order_.begin(), order_.end(), [this](std::uint32_t a, std::uint32_t b) { return begin_of(a) < begin_of(b); });
  }

  void add_at(const Place& place, std::vector<std::uint32_t>& found) const {
    auto at = std::upper_bound(order_.begin(), order_.end(), place,
                               [this](const Place& wanted, std::uint32_t index) { return wanted < begin_of(index); });
    for (int steps = 0; at != order_.begin() && steps < 8; ++steps) {
      --at;
      const Place begin = begin_of(*at);
      if (begin.section != place.section) return;
      if (place.offset - begin.offset >= code_[*at].bytes.size()) continue;
      found.push_back(*at);
      return;
    }
  }

 private:
  Place begin_of(std::uint32_t index) const { return {linked_ ? 0 : code_[index].section, code_[index].address}; }

  const std::vector<ScannedCode>& code_;
  bool linked_;
  std::vector<std::uint32_t> order_;
};

/// Features flow from callee to caller until nothing changes; each caller is looked at again only when a callee gained something.
void spread(std::vector<ScannedCode>& code) {
  std::vector<std::vector<std::uint32_t>> callers(code.size());
  std::deque<std::uint32_t> waiting;
  for (std::uint32_t i = 0; i < code.size(); ++i) {
    code[i].with_calls = code[i].own.features;
    for (const std::uint32_t callee : code[i].calls) callers[callee].push_back(i);
    if (!code[i].own.features.empty()) waiting.push_back(i);
  }
  while (!waiting.empty()) {
    const std::uint32_t callee = waiting.front();
    waiting.pop_front();
    for (const std::uint32_t caller : callers[callee]) {
      if (code[caller].with_calls.contains(code[callee].with_calls)) continue;
      code[caller].with_calls.add(code[callee].with_calls);
      waiting.push_back(caller);
    }
  }
}

}  // namespace

void follow_calls(ScannedObject& scanned) {
  const bool linked = scanned.object->kind() != artifact::Kind::ElfRelocatable;
  const Relocations relocations(*scanned.object);
  const Finder finder(scanned.code, linked);
  for (ScannedCode& code : scanned.code) {
    for (const isa::Branch& branch : code.branches) {
      const std::uint32_t section = linked ? 0 : code.section;
      const Place field{section, code.address + branch.field};
      if (const std::optional<Place> place = relocations.target_of(field, branch.target)) {
        if (place->section != 0) finder.add_at(*place, code.calls);
      } else if (branch.target - code.address >= code.bytes.size()) {
        finder.add_at({section, branch.target}, code.calls);
      }
    }
    std::sort(code.calls.begin(), code.calls.end());
    code.calls.erase(std::unique(code.calls.begin(), code.calls.end()), code.calls.end());
    code.branches = {};
  }
  spread(scanned.code);
}

const ScannedCode* bringer_of(const ScannedObject& scanned, const ScannedCode& code, std::string_view feature) {
  if (code.own.features.has(feature)) return nullptr;
  std::vector<bool> seen(scanned.code.size());
  std::deque<const ScannedCode*> waiting{&code};
  while (!waiting.empty()) {
    const ScannedCode* at = waiting.front();
    waiting.pop_front();
    if (at->own.features.has(feature)) return at;
    for (const std::uint32_t callee : at->calls) {
      if (seen[callee]) continue;
      seen[callee] = true;
      waiting.push_back(&scanned.code[callee]);
    }
  }
  return nullptr;
}

}  // namespace linkdx::scan
