// An object whose tables are read at once: what Mach-O and COFF have in common.
//
// Both formats give a symbol a place and no size, so a function reaches to the next symbol of its section,
// and what uses a symbol is told from the relocations. A reader fills the tables; this class answers from
// them.
#pragma once

#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "elf_object.hpp"
#include "elf_ranges.hpp"
#include "linkdx/artifact.hpp"

namespace linkdx::artifact {

class TableObject : public Object {
 public:
  explicit TableObject(const Origin& origin) : origin_(origin) { sections_.push_back({}); }
  Kind kind() const override { return kind_; }
  const Machine& machine() const override { return machine_; }
  std::string_view member() const override { return origin_.member; }
  std::string label() const override { return label_of(origin_); }
  std::span<const Symbol> symbols() const override { return symbols_; }
  std::vector<Symbol> local_symbols() const override { return local_symbols_; }
  std::vector<Use> uses(std::uint32_t symbol_index) const override;
  std::vector<Function> functions() const override;
  std::vector<Section> sections() const override { return sections_; }
  std::vector<Comdat> comdats() const override { return comdats_; }
  std::string_view soname() const override { return soname_; }
  std::span<const std::string_view> needed() const override { return needed_; }
  std::string_view source_file() const override { return source_file_; }
  std::vector<std::string> producers() const override { return producers_; }
  std::vector<std::string> directives() const override { return directives_; }

 protected:
  void add(const Symbol& symbol) {
    (symbol.binding == Binding::Local ? local_symbols_ : symbols_).push_back(symbol);
  }
  /// Keeps a text that stands in no file.
  std::string_view own(std::string text) { return texts_.emplace_back(std::move(text)); }
  static std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }

  /// The section of a linked file that an address lies in, 0 when there is none.
  std::uint32_t section_at(std::uint64_t address) const;
  /// Puts a symbol of a linked file where its address is.
  void place(std::uint64_t address, Symbol& symbol) const;
  /// False when a table of relocations lies outside the file, or shares so much with others that there would
  /// be no end to them.
  bool take_relocations(std::uint64_t offset, std::uint64_t count, std::uint64_t size) {
    const std::uint64_t room = origin_.bytes.size();
    if (offset > room || count > (room - offset) / size || relocation_count_ + count > room / size)
      return false;
    relocation_count_ += count;
    return true;
  }

  Origin origin_;
  Kind kind_ = Kind::Unknown;
  Machine machine_;
  std::vector<Section> sections_;                ///< the first is the null section
  std::vector<std::uint64_t> section_sizes_{0};  ///< also of sections without contents
  std::vector<Symbol> symbols_, local_symbols_;
  std::set<std::uint32_t> thumb_symbols_;  ///< indexes of functions in T32
  std::vector<Comdat> comdats_;
  std::string_view soname_, source_file_;
  std::vector<std::string_view> needed_;
  std::vector<std::string> producers_, directives_;

 private:
  const ElfRanges& ranges() const;
  void add_range(const Symbol& symbol, std::vector<ElfRange>& found) const;

  struct SymbolUse {
    std::uint32_t symbol, section;
    std::uint64_t offset;
  };
  std::deque<std::string> texts_;
  std::uint64_t relocation_count_ = 0;
  mutable std::vector<std::pair<std::uint64_t, std::uint32_t>> by_address_;  ///< sections of a linked file
  mutable std::once_flag ranges_once_, uses_once_;
  mutable ElfRanges ranges_;
  mutable std::vector<SymbolUse> uses_;  ///< sorted by symbol
};

}  // namespace linkdx::artifact
