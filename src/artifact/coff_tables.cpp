// See coff_tables.hpp and coff.hpp.

#include "coff_tables.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <llvm/BinaryFormat/COFF.h>
#include <llvm/BinaryFormat/ELF.h>

#include "elf_producers.hpp"
#include "linkdx/language.hpp"
#include "machine.hpp"

namespace linkdx::artifact {

namespace elf = llvm::ELF;
namespace coff = llvm::COFF;

namespace {

constexpr std::uint64_t section_entry_size = 40;
constexpr std::uint64_t relocation_size = 10;

/// `//AAAAAA`: an offset into the names in base 64, for tables of more than 10 MB.
std::optional<std::uint64_t> base64(std::string_view digits) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::uint64_t value = 0;
  for (const char digit : digits) {
    const std::size_t at = alphabet.find(digit);
    if (at == std::string_view::npos) return std::nullopt;
    value = value * 64 + at;
  }
  return value;
}

std::optional<std::uint64_t> decimal(std::string_view digits) {
  std::uint64_t value = 0;
  if (digits.empty()) return std::nullopt;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return value;
}

/// Relocations that x86-64's ELF has too, and how far behind the field the instruction ends (REL32_1: one
/// byte, ...).
struct RelocationType {
  std::uint16_t machine, type;
  std::uint32_t elf_type;
  bool distance;
  std::int64_t behind;
};
constexpr RelocationType relocation_types[] = {
    {coff::IMAGE_FILE_MACHINE_AMD64, coff::IMAGE_REL_AMD64_ADDR64, elf::R_X86_64_64, false, 0},
    {coff::IMAGE_FILE_MACHINE_AMD64, coff::IMAGE_REL_AMD64_ADDR32, elf::R_X86_64_32, false, 0},
    {coff::IMAGE_FILE_MACHINE_AMD64, coff::IMAGE_REL_AMD64_REL32, elf::R_X86_64_PC32, true, 0},
    {coff::IMAGE_FILE_MACHINE_AMD64, coff::IMAGE_REL_AMD64_REL32_1, elf::R_X86_64_PC32, true, 1},
    {coff::IMAGE_FILE_MACHINE_AMD64, coff::IMAGE_REL_AMD64_REL32_2, elf::R_X86_64_PC32, true, 2},
    {coff::IMAGE_FILE_MACHINE_AMD64, coff::IMAGE_REL_AMD64_REL32_3, elf::R_X86_64_PC32, true, 3},
    {coff::IMAGE_FILE_MACHINE_AMD64, coff::IMAGE_REL_AMD64_REL32_4, elf::R_X86_64_PC32, true, 4},
    {coff::IMAGE_FILE_MACHINE_AMD64, coff::IMAGE_REL_AMD64_REL32_5, elf::R_X86_64_PC32, true, 5},
    {coff::IMAGE_FILE_MACHINE_I386, coff::IMAGE_REL_I386_DIR32, elf::R_386_32, false, 0},
    {coff::IMAGE_FILE_MACHINE_I386, coff::IMAGE_REL_I386_REL32, elf::R_386_PC32, true, 0},
    {coff::IMAGE_FILE_MACHINE_ARM64, coff::IMAGE_REL_ARM64_ADDR64, elf::R_AARCH64_ABS64, false, 0},
    {coff::IMAGE_FILE_MACHINE_ARM64, coff::IMAGE_REL_ARM64_BRANCH26, elf::R_AARCH64_CALL26, false, 0},
    {coff::IMAGE_FILE_MACHINE_ARM64, coff::IMAGE_REL_ARM64_PAGEBASE_REL21, elf::R_AARCH64_ADR_PREL_PG_HI21,
     false, 0},
    {coff::IMAGE_FILE_MACHINE_ARM64, coff::IMAGE_REL_ARM64_PAGEOFFSET_12A, elf::R_AARCH64_ADD_ABS_LO12_NC,
     false, 0},
};

std::uint16_t coff_number(const Machine& machine) {
  return machine.elf_machine == elf::EM_X86_64    ? coff::IMAGE_FILE_MACHINE_AMD64
         : machine.elf_machine == elf::EM_386     ? coff::IMAGE_FILE_MACHINE_I386
         : machine.elf_machine == elf::EM_AARCH64 ? coff::IMAGE_FILE_MACHINE_ARM64
                                                  : coff::IMAGE_FILE_MACHINE_UNKNOWN;
}

}  // namespace

void CoffTables::load_tables(const CoffHeader& header, std::vector<std::string>& faults) {
  machine_ = foreign_machine(Format::Coff, header.machine, false);
  entry_size_ = header.big ? 20 : 18;
  symbols_at_ = header.symbols_at;
  symbol_count_ = header.symbols_at == 0 ? 0 : header.symbol_count;
  if (!fields_.has(symbols_at_, entry_size_ * symbol_count_)) {
    faults.push_back(say("symbol table lies outside the file"));
    symbol_count_ = 0;
  }
  // The names follow the symbols; their size, which they begin with, counts itself.
  const std::uint64_t names_at = symbols_at_ + entry_size_ * symbol_count_;
  std::string_view names;
  if (symbols_at_ != 0) {
    names = fields_.range(names_at, fields_.u32(names_at));
    if (names.size() < 4 && fields_.u32(names_at) > 4)
      faults.push_back(say("string table lies outside the file"));
  }
  names_.emplace(names);
  if (!fields_.has(header.sections_at, section_entry_size * header.section_count)) {
    faults.push_back(say("table of {} sections lies outside the file", header.section_count));
  } else {
    for (std::uint32_t i = 0; i < header.section_count; ++i)
      read_section(header.sections_at + section_entry_size * i, header, faults);
  }
  read_symbols(header, faults);
  read_special_sections();
}

std::string_view CoffTables::section_name(std::uint64_t at) {
  const std::string_view name = fields_.padded(at, 8);
  if (!name.starts_with('/')) return name;
  const std::optional<std::uint64_t> offset =
      name.starts_with("//") ? base64(name.substr(2)) : decimal(name.substr(1));
  return offset ? names_->at(*offset).value_or(name) : name;
}

void CoffTables::read_section(std::uint64_t at, const CoffHeader& header, std::vector<std::string>& faults) {
  const std::uint32_t characteristics = fields_.u32(at + 36), raw_size = fields_.u32(at + 16);
  Section section;
  section.name = section_name(at);
  section.address = header.image ? header.image_base + fields_.u32(at + 12) : 0;
  section.type = elf::SHT_PROGBITS;
  const std::uint32_t aside = coff::IMAGE_SCN_LNK_INFO | coff::IMAGE_SCN_LNK_REMOVE;
  const bool debug = section.name.starts_with(".debug") || section.name.starts_with(".zdebug");
  if ((characteristics & aside) == 0 && !debug) section.flags = elf::SHF_ALLOC;
  if ((characteristics & (coff::IMAGE_SCN_CNT_CODE | coff::IMAGE_SCN_MEM_EXECUTE)) != 0)
    section.flags |= elf::SHF_EXECINSTR;
  if ((characteristics & coff::IMAGE_SCN_MEM_WRITE) != 0) section.flags |= elf::SHF_WRITE;
  // The addresses of functions that run before main: `.CRT$XC?` of MSVC, `.ctors` of GCC.
  if (section.name.starts_with(".CRT$X") || section.name.starts_with(".ctors"))
    section.type = elf::SHT_INIT_ARRAY;
  std::uint64_t size = raw_size;
  const std::uint32_t offset = fields_.u32(at + 20);
  if ((characteristics & coff::IMAGE_SCN_CNT_UNINITIALIZED_DATA) != 0 || offset == 0) {
    section.type = elf::SHT_NOBITS;
  } else {
    // An image's section is padded in the file to whole sectors.
    if (header.image) size = std::min<std::uint64_t>(raw_size, std::max(fields_.u32(at + 8), 1u));
    const std::string_view contents = fields_.range(offset, size);
    if (contents.size() != size) faults.push_back(say("section {} lies outside the file", section.name));
    section.contents = bytes_of(contents);
  }
  sections_.push_back(section);
  section_sizes_.push_back(header.image ? fields_.u32(at + 8) : size);
  selections_.push_back({});
  if ((characteristics & coff::IMAGE_SCN_LNK_COMDAT) != 0)
    selections_.back().how = 0xff;  // told by its symbol
  relocations_.push_back({});
  if (!header.image) read_relocation_table(at, characteristics, section.name, faults);
}

void CoffTables::read_relocation_table(std::uint64_t at, std::uint32_t characteristics, std::string_view name,
                                       std::vector<std::string>& faults) {
  RelocationTable table{fields_.u32(at + 24), fields_.u16(at + 32)};
  if (table.count == 0xffff && (characteristics & coff::IMAGE_SCN_LNK_NRELOC_OVFL) != 0)
    table.count = fields_.u32(table.offset);  // in the first entry, which counts itself
  if (!take_relocations(table.offset, table.count, relocation_size)) {
    faults.push_back(say("relocations of section {} lie outside the file", name));
    table = {};
  }
  relocations_.back() = table;
}

CoffTables::Entry CoffTables::entry_at(std::uint32_t index) const {
  const std::uint64_t at = symbols_at_ + entry_size_ * index;
  const bool big = entry_size_ == 20;
  return {.at = at,
          .value = fields_.u32(at + 8),
          .section = big ? static_cast<std::int32_t>(fields_.u32(at + 12))
                         : static_cast<std::int16_t>(fields_.u16(at + 12)),
          .type = fields_.u16(at + (big ? 16 : 14)),
          .storage = fields_.u8(at + (big ? 18 : 16)),
          .auxiliary = fields_.u8(at + (big ? 19 : 17))};
}

std::optional<std::string_view> CoffTables::symbol_name(std::uint64_t at) {
  if (fields_.u32(at) != 0) return fields_.padded(at, 8);
  return names_->at(fields_.u32(at + 4));
}

void CoffTables::read_symbols(const CoffHeader& header, std::vector<std::string>& faults) {
  places_.resize(symbol_count_);
  std::uint64_t misplaced = 0;
  for (std::uint64_t i = 0; i < symbol_count_;) {
    const std::uint32_t index = static_cast<std::uint32_t>(i);
    const Entry entry = entry_at(index);
    i += 1 + entry.auxiliary;
    if (entry.section > 0 && static_cast<std::uint32_t>(entry.section) >= sections_.size()) {
      ++misplaced;
      continue;
    }
    if (i > symbol_count_) {
      faults.push_back(say("the last symbol's auxiliary entries lie outside the table"));
      break;
    }
    const std::optional<std::string_view> name = symbol_name(entry.at);
    if (name) read_symbol(index, entry, *name);
  }
  if (names_->unreadable() != 0)
    faults.push_back(say("{} names lie outside the string table", names_->unreadable()));
  if (misplaced != 0) faults.push_back(say("{} symbols lie in sections that do not exist", misplaced));
  finish_weak();
  finish_comdats();
}

void CoffTables::read_symbol(std::uint32_t index, const Entry& entry, std::string_view name) {
  if (entry.storage == coff::IMAGE_SYM_CLASS_FILE) {
    if (source_file_.empty())
      source_file_ = fields_.padded(entry.at + entry_size_, entry_size_ * entry.auxiliary);
    return;
  }
  const bool external = entry.storage == coff::IMAGE_SYM_CLASS_EXTERNAL;
  const bool weak = entry.storage == coff::IMAGE_SYM_CLASS_WEAK_EXTERNAL;
  const bool local = entry.storage == coff::IMAGE_SYM_CLASS_STATIC;
  Symbol symbol{.name = name, .index = index + 1};
  symbol.binding = local ? Binding::Local : weak ? Binding::Weak : Binding::Global;
  const bool function_type =
      (entry.type >> coff::SCT_COMPLEX_TYPE_SHIFT & 3) == coff::IMAGE_SYM_DTYPE_FUNCTION;
  if (function_type) symbol.type = SymbolType::Function;
  if (entry.section > 0) {
    symbol.section = static_cast<std::uint32_t>(entry.section);
    const Section& section = sections_[symbol.section];
    symbol.state = State::Defined;
    symbol.value = section.address + entry.value;
    const bool code = (section.flags & elf::SHF_EXECINSTR) != 0;
    if (symbol.type == SymbolType::None) symbol.type = code ? SymbolType::Function : SymbolType::Object;
    places_[index] = {symbol.section, symbol.value, !external};
    if (machine_.elf_machine == elf::EM_ARM && code) thumb_symbols_.insert(symbol.index);
  } else if (entry.section == coff::IMAGE_SYM_ABSOLUTE) {
    symbol.state = State::Absolute;
    symbol.value = entry.value;
  } else if (entry.section == 0 && entry.value != 0 && external) {
    symbol.state = State::Common;
    symbol.size = entry.value;
  } else if (entry.section != 0) {
    return;  // debug information
  }
  if (local && entry.auxiliary > 0 && entry.value == 0 && entry.section > 0 && !function_type) {
    read_section_definition(entry);
    return;
  }
  if (entry.section > 0) name_comdat(entry.section, name);
  if (weak && entry.auxiliary > 0) {
    weak_.push_back({symbol, fields_.u32(entry.at + entry_size_)});
    return;
  }
  // `@feat.00`, `@comp.id`: notes of the compiler. Labels stand inside functions.
  if ((!external && !local && !weak) || name.empty() || name.starts_with('@')) return;
  if (local && symbol.state == State::Undefined) return;
  add(symbol);
}

void CoffTables::read_section_definition(const Entry& entry) {
  Selection& selection = selections_[static_cast<std::uint32_t>(entry.section)];
  if (selection.how == 0) return;
  const std::uint64_t auxiliary = entry.at + entry_size_;
  selection.how = fields_.u8(auxiliary + 14);
  selection.follows = fields_.u16(auxiliary + 12);
  if (entry_size_ == 20) selection.follows |= std::uint32_t{fields_.u16(auxiliary + 16)} << 16;
}

/// The first symbol of a COMDAT's section after the section's own.
void CoffTables::name_comdat(std::int32_t section, std::string_view name) {
  Selection& selection = selections_[static_cast<std::uint32_t>(section)];
  if (selection.how != 0 && selection.how != 0xff && selection.name.empty()) selection.name = name;
}

/// A weak external whose stand-in is a place in this object is a weak definition; else it is a weak
/// reference.
void CoffTables::finish_weak() {
  for (PendingWeak& weak : weak_) {
    if (weak.stand_in < places_.size() && places_[weak.stand_in].section != 0) {
      const Place& place = places_[weak.stand_in];
      weak.symbol.state = State::Defined;
      weak.symbol.section = place.section;
      weak.symbol.value = place.value;
      const bool code = (sections_[place.section].flags & elf::SHF_EXECINSTR) != 0;
      weak.symbol.type = code ? SymbolType::Function : SymbolType::Object;
      places_[weak.symbol.index - 1] = {place.section, place.value, false};
    }
    add(weak.symbol);
  }
}

void CoffTables::finish_comdats() {
  std::vector<std::uint32_t> group_of(sections_.size());  // one more than its position among the COMDATs
  for (std::uint32_t i = 1; i < selections_.size(); ++i) {
    const Selection& selection = selections_[i];
    const bool chosen = selection.how != 0 && selection.how != 0xff &&
                        selection.how != coff::IMAGE_COMDAT_SELECT_ASSOCIATIVE &&
                        selection.how != coff::IMAGE_COMDAT_SELECT_NODUPLICATES;
    if (!chosen || selection.name.empty()) continue;
    comdats_.push_back({selection.name, {i}});
    group_of[i] = static_cast<std::uint32_t>(comdats_.size());
  }
  for (std::uint32_t i = 1; i < selections_.size(); ++i) {
    const Selection& selection = selections_[i];
    if (selection.how != coff::IMAGE_COMDAT_SELECT_ASSOCIATIVE || selection.follows >= group_of.size())
      continue;
    if (const std::uint32_t group = group_of[selection.follows]; group != 0)
      comdats_[group - 1].sections.push_back(i);
  }
}

void CoffTables::read_special_sections() {
  for (std::uint32_t i = 1; i < sections_.size(); ++i) {
    const Section& section = sections_[i];
    const std::string_view text(reinterpret_cast<const char*>(section.contents.data()),
                                section.contents.size());
    if (section.name == ".drectve") {
      std::string_view words = text;
      if (words.starts_with("\xef\xbb\xbf")) words.remove_prefix(3);
      directives_.emplace_back(words.substr(0, words.find_last_not_of(std::string_view(" \0", 2)) + 1));
    }
    // GCC writes `GCC: (GNU) 12` here, where its ELF objects have .comment.
    if (section.name.starts_with(".rdata$zzz")) add_producers(text, true, producers_);
  }
}

void CoffTables::visit_relocations(llvm::function_ref<void(const Relocation&)> visit) const {
  const std::uint16_t machine = coff_number(machine_);
  for (std::uint32_t section = 1; section < relocations_.size(); ++section) {
    const RelocationTable& table = relocations_[section];
    for (std::uint32_t i = 0; i < table.count; ++i) {
      const std::uint64_t at = table.offset + relocation_size * i;
      const std::uint32_t symbol = fields_.u32(at + 4);
      if (symbol >= places_.size()) continue;
      Relocation relocation{.section = section, .offset = fields_.u32(at), .symbol = symbol + 1};
      relocation.target_section = places_[symbol].section;
      relocation.target_value = places_[symbol].value;
      relocation.local = places_[symbol].local;
      for (const RelocationType& row : relocation_types) {
        if (row.machine != machine || row.type != fields_.u16(at + 8)) continue;
        relocation.type = row.elf_type;
        const std::span<const std::uint8_t> bytes = sections_[section].contents;
        const bool there = relocation.offset <= bytes.size() && bytes.size() - relocation.offset >= 4;
        if (row.distance && there)
          relocation.addend =
              static_cast<std::int32_t>(llvm::support::endian::read32le(bytes.data() + relocation.offset)) -
              4 - row.behind;
      }
      visit(relocation);
    }
  }
}

}  // namespace linkdx::artifact
