// See table_object.hpp.

#include "table_object.hpp"

#include <algorithm>

#include <llvm/BinaryFormat/ELF.h>

namespace linkdx::artifact {

namespace elf = llvm::ELF;

const ElfRanges& TableObject::ranges() const {
  std::call_once(ranges_once_, [this] {
    std::vector<ElfRange> found;
    for (const Symbol& symbol : symbols_) add_range(symbol, found);
    for (const Symbol& symbol : local_symbols_) add_range(symbol, found);
    std::vector<std::uint64_t> ends(sections_.size());
    for (std::size_t i = 0; i < sections_.size(); ++i) ends[i] = sections_[i].address + section_sizes_[i];
    ranges_.build(std::move(found), ends);
  });
  return ranges_;
}

void TableObject::add_range(const Symbol& symbol, std::vector<ElfRange>& found) const {
  if (symbol.state != State::Defined || symbol.section == 0 || symbol.section >= sections_.size()) return;
  const Section& section = sections_[symbol.section];
  if (symbol.value < section.address || symbol.name.starts_with(".weak."))
    return;  // stand-ins of weak externals
  const bool code = (section.flags & elf::SHF_EXECINSTR) != 0;
  found.push_back({.section = symbol.section,
                   .begin = symbol.value,
                   .end = symbol.value + symbol.size,
                   .name = symbol.name,
                   .function = code,
                   .thumb = thumb_symbols_.contains(symbol.index),
                   .global = symbol.binding != Binding::Local,
                   .sized = symbol.size != 0});
}

std::uint32_t TableObject::section_at(std::uint64_t address) const {
  if (by_address_.empty()) {
    for (std::uint32_t i = 1; i < sections_.size(); ++i) by_address_.emplace_back(sections_[i].address, i);
    std::sort(by_address_.begin(), by_address_.end());
  }
  const auto after = std::upper_bound(by_address_.begin(), by_address_.end(), std::pair(address, UINT32_MAX));
  if (after == by_address_.begin()) return 0;
  const auto& [begin, section] = *std::prev(after);
  return address - begin < section_sizes_[section] ? section : 0;
}

void TableObject::place(std::uint64_t address, Symbol& symbol) const {
  symbol.section = section_at(address);
  if (symbol.section == 0) return;
  symbol.value = address;
  const bool code = (sections_[symbol.section].flags & elf::SHF_EXECINSTR) != 0;
  if (symbol.type == SymbolType::None) symbol.type = code ? SymbolType::Function : SymbolType::Object;
}

std::vector<Function> TableObject::functions() const {
  std::vector<Function> result;
  for (const ElfRange& range : ranges().all()) {
    if (!range.function || range.end <= range.begin) continue;
    const Section& section = sections_[range.section];
    const std::uint64_t start = range.begin - section.address;
    if (start >= section.contents.size()) continue;
    result.push_back(
        {.name = range.name,
         .section = range.section,
         .address = range.begin,
         .bytes = section.contents.subspan(
             start, std::min<std::uint64_t>(range.end - range.begin, section.contents.size() - start)),
         .thumb = range.thumb,
         .sized = range.sized});
  }
  return result;
}

std::vector<Use> TableObject::uses(std::uint32_t symbol_index) const {
  std::call_once(uses_once_, [this] {
    visit_relocations([this](const Relocation& relocation) {
      uses_.push_back({relocation.symbol, relocation.section, relocation.offset});
    });
    std::stable_sort(uses_.begin(), uses_.end(),
                     [](const SymbolUse& a, const SymbolUse& b) { return a.symbol < b.symbol; });
  });
  const auto [first, last] =
      std::equal_range(uses_.begin(), uses_.end(), SymbolUse{symbol_index, 0, 0},
                       [](const SymbolUse& a, const SymbolUse& b) { return a.symbol < b.symbol; });
  std::vector<Use> result;
  for (auto at = first; at != last; ++at)
    result.push_back({.section = at->section,
                      .offset = at->offset,
                      .section_name = sections_[at->section].name,
                      .function = ranges().covering(at->section, at->offset)});
  // Code and data before debug information.
  std::stable_partition(result.begin(), result.end(), [this](const Use& use) {
    return (sections_[use.section].flags & elf::SHF_ALLOC) != 0;
  });
  return result;
}

}  // namespace linkdx::artifact
