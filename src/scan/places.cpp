// See places.hpp.
#include "places.hpp"

#include <algorithm>

#include <llvm/BinaryFormat/ELF.h>

namespace linkdx::scan {

namespace elf = llvm::ELF;

void keep_first(std::vector<Use>& uses) {
  std::sort(uses.begin(), uses.end());
  const auto same = [](const Use& a, const Use& b) { return a.index == b.index; };
  uses.erase(std::unique(uses.begin(), uses.end(), same), uses.end());
}

Relocations::Relocations(const artifact::Object& object) : machine_(object.machine().elf_machine) {
  from_end_ = machine_ == elf::EM_X86_64 || machine_ == elf::EM_386 ? 4 : 0;
  object.visit_relocations([this](const artifact::Relocation& relocation) {
    if (relocation.symbol == 0) return;  // R_RISCV_RELAX and the like stand beside another at the same place
    targets_.insert_or_assign(Place{relocation.section, relocation.offset}, relocation);
  });
}

std::optional<Place> Relocations::target_of(const Place& field, std::uint64_t target) const {
  const auto found = targets_.find(field);
  if (found == targets_.end()) return std::nullopt;
  const artifact::Relocation& relocation = found->second;
  if (relocation.target_section == 0) return Place{};
  const std::uint64_t distance =
      relocation.addend ? static_cast<std::uint64_t>(*relocation.addend) + from_end_ : target - field.offset;
  return Place{relocation.target_section, relocation.target_value + distance};
}

Place Relocations::target_of(const artifact::Relocation& relocation) const {
  if (relocation.target_section == 0) return {};
  // The types of x86-64 that hold a distance; psABI, table 4.9.
  constexpr std::uint32_t distances[] = {elf::R_X86_64_PC32, elf::R_X86_64_PLT32, elf::R_X86_64_GOTPCREL,
                                         elf::R_X86_64_GOTPCRELX, elf::R_X86_64_REX_GOTPCRELX};
  const bool distance = machine_ == elf::EM_X86_64 && std::find(std::begin(distances), std::end(distances),
                                                                relocation.type) != std::end(distances);
  const auto addend = static_cast<std::uint64_t>(relocation.addend.value_or(0));
  return {relocation.target_section, relocation.target_value + addend + (distance ? 4 : 0)};
}

Finder::Finder(const std::vector<ScannedCode>& code, bool linked) : code_(code), linked_(linked) {
  for (std::uint32_t i = 0; i < code.size(); ++i) order_.push_back(i);
  std::stable_sort(order_.begin(), order_.end(),
                   [this](std::uint32_t a, std::uint32_t b) { return begin_of(a) < begin_of(b); });
}

std::optional<std::uint32_t> Finder::at(const Place& place) const {
  auto at =
      std::upper_bound(order_.begin(), order_.end(), place,
                       [this](const Place& wanted, std::uint32_t index) { return wanted < begin_of(index); });
  for (int steps = 0; at != order_.begin() && steps < 8; ++steps) {
    --at;
    const Place begin = begin_of(*at);
    if (begin.section != place.section) return std::nullopt;
    if (place.offset - begin.offset < code_[*at].bytes.size()) return *at;
  }
  return std::nullopt;
}

}  // namespace linkdx::scan
