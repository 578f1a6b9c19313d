// Calls inside an object. A function can fault on what it calls, so what it needs is its own and all that it reaches by direct calls
// and jumps (a jump, because of tail calls and of `.cold` parts). Calls through pointers are not followed: that is how code
// chooses between kernels at run time.
//
// In a linked file the instruction holds the distance. In an object the assembler leaves that to a relocation at the distance's place,
// which names a symbol, or a section and an offset in it (gABI, "Relocation"). artifact/ tells who uses a symbol but
// not the offset, so the tables are read here, from the sections' bytes.
#include <algorithm>
#include <deque>
#include <map>

#include <llvm/BinaryFormat/ELF.h>
#include <llvm/Support/Endian.h>

#include "scan.hpp"

namespace linkdx::cli {
namespace {

namespace elf = llvm::ELF;

/// A place in an object: a section's index and an offset, or index 0 and an address in a linked file.
struct Place {
  std::uint32_t section = 0;
  std::uint64_t offset = 0;
  auto operator<=>(const Place&) const = default;
};

/// Reads the words of one table, in the object's byte order and word size.
class Words {
 public:
  Words(std::span<const std::uint8_t> bytes, const artifact::Machine& machine)
      : bytes_(bytes), wide_(machine.bits == 64), order_(machine.big_endian ? llvm::endianness::big : llvm::endianness::little) {}
  bool wide() const { return wide_; }
  std::uint64_t word(std::size_t at) const { return wide_ ? read<std::uint64_t>(at) : read<std::uint32_t>(at); }
  template <class Number>
  Number read(std::size_t at) const {
    if (at > bytes_.size() || bytes_.size() - at < sizeof(Number)) return 0;
    return llvm::support::endian::read<Number>(bytes_.data() + at, order_);
  }

 private:
  std::span<const std::uint8_t> bytes_;
  bool wide_;
  llvm::endianness order_;
};

class Relocations {
 public:
  explicit Relocations(const artifact::Object& object) : machine_(object.machine()), sections_(object.sections()) {
    if (object.kind() != artifact::Kind::ElfRelocatable) return;
    for (std::uint32_t i = 0; i < sections_.size(); ++i)
      if (sections_[i].type == elf::SHT_SYMTAB) symbols_ = sections_[i].contents;
      else if (sections_[i].type == elf::SHT_SYMTAB_SHNDX) wide_indices_ = sections_[i].contents;
    for (std::uint32_t i = 0; i < sections_.size(); ++i)
      if (sections_[i].type == elf::SHT_RELA || sections_[i].type == elf::SHT_REL) read_table(i);
  }

  /// Where the branch whose distance stands at `field` leads: section 0 is out of the object. Null where no relocation is.
  const Place* target_of(const Place& field) const {
    const auto found = targets_.find(field);
    return found == targets_.end() ? nullptr : &found->second;
  }

 private:
  void read_table(std::uint32_t index) {
    const artifact::Section& table = sections_[index];
    const bool has_addend = table.type == elf::SHT_RELA;
    const std::string_view prefix = has_addend ? ".rela" : ".rel";
    if (!table.name.starts_with(prefix)) return;
    const std::uint32_t target = section_named(table.name.substr(prefix.size()), index);
    if (target == 0 || (sections_[target].flags & elf::SHF_EXECINSTR) == 0) return;
    const Words words(table.contents, machine_), code(sections_[target].contents, machine_);
    const std::size_t word = words.wide() ? 8 : 4, size = word * (has_addend ? 3 : 2);
    for (std::size_t at = 0; at + size <= table.contents.size(); at += size) {
      const std::uint64_t offset = words.word(at), info = words.word(at + word);
      const auto symbol = static_cast<std::uint32_t>(words.wide() ? info >> 32 : info >> 8);
      const std::int64_t addend = has_addend ? words.wide() ? words.read<std::int64_t>(at + 16) : words.read<std::int32_t>(at + 8)
                                             : code.read<std::int32_t>(offset);
      targets_.insert_or_assign(Place{target, offset}, place_of(symbol, addend));
    }
  }

  /// Assemblers write a section's relocations behind it. Several sections may share a name (COMDAT groups): the nearest before counts.
  std::uint32_t section_named(std::string_view name, std::uint32_t table) const {
    for (std::uint32_t i = table; i-- > 1;)
      if (sections_[i].name == name) return i;
    for (std::uint32_t i = table + 1; i < sections_.size(); ++i)
      if (sections_[i].name == name) return i;
    return 0;
  }

  Place place_of(std::uint32_t symbol, std::int64_t addend) const {
    const Words words(symbols_, machine_);
    const std::size_t at = std::size_t{symbol} * (words.wide() ? 24 : 16);
    if (at >= symbols_.size()) return {};
    std::uint32_t section = words.read<std::uint16_t>(at + (words.wide() ? 6 : 14));
    if (section == elf::SHN_XINDEX) section = Words(wide_indices_, machine_).read<std::uint32_t>(std::size_t{symbol} * 4);
    else if (section >= elf::SHN_LORESERVE) return {};
    const std::uint64_t value = words.wide() ? words.read<std::uint64_t>(at + 8) : words.read<std::uint32_t>(at + 4);
    // x86 counts a distance from the end of its field, which the addend makes up for.
    const bool from_end = machine_.elf_machine == elf::EM_X86_64 || machine_.elf_machine == elf::EM_386;
    return {section, value + static_cast<std::uint64_t>(addend) + (from_end ? 4 : 0)};
  }

  const artifact::Machine& machine_;
  std::vector<artifact::Section> sections_;
  std::span<const std::uint8_t> symbols_, wide_indices_;
  std::map<Place, Place> targets_;
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
      if (const Place* place = relocations.target_of(field)) {
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

}  // namespace linkdx::cli
