// ELF: the object format of Linux, the BSDs and most embedded systems.
//
// A relocatable object has sections (code, data), a symbol table that names places in them, and relocations
// that say where another symbol's address goes. A shared library's interface is its dynamic symbol table,
// with a version for each symbol in tables of their own. LLVM's ELFFile does the bounds checks of headers and
// tables; this file turns the tables into the room's words and does the checks within them: a name, a section
// index or a version that points outside its table.
//
// Sources: System V gABI chapters 4 and 5 (www.sco.com/developers/gabi), the LSB's symbol versioning chapter,
// llvm/Object/ELF.h.

#include "elf_object.hpp"

#include <algorithm>
#include <mutex>
#include <optional>

#include <fmt/format.h>
#include <llvm/Object/ELF.h>

#include "declarations.hpp"
#include "elf_dynamic.hpp"
#include "elf_producers.hpp"
#include "elf_ranges.hpp"
#include "gcc_lto.hpp"
#include "linkdx/entry_point.hpp"
#include "linkdx/language.hpp"
#include "machine.hpp"

namespace linkdx::artifact {

namespace {

namespace elf = llvm::ELF;

constexpr std::uint64_t code_flags = elf::SHF_ALLOC | elf::SHF_EXECINSTR;

std::string_view view(llvm::StringRef text) {
  return {text.data(), text.size()};
}

/// All tables that a file keeps for its symbols.
template <class ELFT>
struct SymbolTable {
  llvm::ArrayRef<typename ELFT::Sym> entries;
  llvm::ArrayRef<typename ELFT::Word> section_indexes;  ///< SHT_SYMTAB_SHNDX
  std::string_view names;
  std::uint32_t section = 0;  ///< that holds it; 0 when there is none
};

/// What entry_point.hpp asks of an ELF object, whatever its class and byte order.
class HasEntryPoint {
 public:
  virtual std::optional<std::uint64_t> entry_point() const = 0;

 protected:
  ~HasEntryPoint() = default;
};

template <class ELFT>
class ElfObject final : public Object, public HasEntryPoint {
  using Shdr = typename ELFT::Shdr;
  using Sym = typename ELFT::Sym;

 public:
  ElfObject(const Origin& origin, llvm::object::ELFFile<ELFT> file)
      : origin_(origin), file_(std::move(file)) {
    sections_.bytes = origin.bytes;
  }

  void load(std::vector<std::string>& faults) {
    read_machine();
    llvm::Expected<llvm::ArrayRef<Shdr>> sections = file_.sections();
    if (!sections) {
      faults.push_back(llvm::toString(sections.takeError()));
      return;
    }
    sections_.headers = *sections;
    if (llvm::Expected<llvm::StringRef> names = file_.getSectionStringTable(*sections))
      sections_.names = view(*names);
    else
      faults.push_back(llvm::toString(names.takeError()));
    read_float_abi();
    find_tables();
    kind_ = kind_of_type();
    if (kind_ == Kind::Unknown) {
      faults.push_back(say("ELF file of type {}, which is no object, library or program",
                           std::uint32_t(file_.getHeader().e_type)));
      return;
    }
    static_ = load_table(static_section_, faults);
    if (kind_ != Kind::ElfRelocatable) {
      dynamic_ = load_table(dynamic_section_, faults);
      interface_.load(file_, sections_, faults);
      if (sections_.headers.empty()) faults.push_back(say("no section headers: its symbols cannot be read"));
    }
    recognise_special_contents();
  }

  Kind kind() const override { return kind_; }
  const Machine& machine() const override { return machine_; }
  std::string_view member() const override { return origin_.member; }
  std::string label() const override { return label_of(origin_); }
  std::string_view soname() const override { return interface_.soname; }
  std::optional<std::uint64_t> entry_point() const override {
    const std::uint64_t entry = file_.getHeader().e_entry;
    // Linkers give libraries one too, which nobody starts.
    return kind_ == Kind::ElfExecutable && entry != 0 ? std::optional(entry) : std::nullopt;
  }
  std::span<const std::string_view> needed() const override { return interface_.needed; }

  std::span<const Symbol> symbols() const override {
    std::call_once(symbols_once_,
                   [this] { visit_symbols([this](const Symbol& symbol) { symbols_.push_back(symbol); }); });
    return symbols_;
  }

  void visit_symbols(llvm::function_ref<void(const Symbol&)> visit) const override {
    if (kind_ == Kind::RustMetadata) return;
    if (kind_ == Kind::GccLto) {
      for (const Symbol& symbol : lto_symbols_) visit(symbol);
      return;
    }
    const SymbolTable<ELFT>& table = linking_table();
    Symbol symbol;
    for (std::uint32_t i = 1; i < table.entries.size(); ++i)
      if (table.entries[i].getBinding() != elf::STB_LOCAL && read_symbol(table, i, symbol)) visit(symbol);
  }

  std::vector<Symbol> local_symbols() const override {
    std::vector<Symbol> locals;
    Symbol symbol;
    for (std::uint32_t i = 1; i < static_.entries.size(); ++i) {
      const Sym& entry = static_.entries[i];
      if (entry.getBinding() != elf::STB_LOCAL || entry.getType() == elf::STT_SECTION ||
          entry.getType() == elf::STT_FILE)
        continue;
      if (read_symbol(static_, i, symbol) && !symbol.name.empty()) locals.push_back(symbol);
    }
    return locals;
  }

  std::vector<Section> sections() const override {
    std::vector<Section> result;
    result.reserve(sections_.headers.size());
    for (const Shdr& header : sections_.headers) {
      const std::string_view bytes = sections_.contents(header);
      result.push_back({.name = sections_.name(header).value_or(""),
                        .type = header.sh_type,
                        .flags = header.sh_flags,
                        .address = header.sh_addr,
                        .contents = {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                        .link = header.sh_link});
    }
    return result;
  }

  void visit_code(llvm::function_ref<void(std::span<const std::uint8_t>)> visit) const override {
    for (const Shdr& header : sections_.headers) {
      if ((header.sh_flags & code_flags) != code_flags) continue;
      const std::string_view bytes = sections_.contents(header);
      if (!bytes.empty()) visit({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    }
  }

  std::vector<Comdat> comdats() const override {
    std::vector<Comdat> result;
    for (std::uint32_t i = 1; i < sections_.headers.size(); ++i) {
      const Shdr& header = sections_.headers[i];
      // The older way, by name alone: `.gnu.linkonce.t.SYMBOL`. Names are long and many: their ends are not
      // sought.
      if (sections_.names.substr(std::min<std::size_t>(header.sh_name, sections_.names.size()))
              .starts_with(".gnu.linkonce."))
        result.push_back({sections_.name(header).value_or(""), {i}});
      if (header.sh_type != elf::SHT_GROUP) continue;
      llvm::Expected<llvm::ArrayRef<typename ELFT::Word>> words =
          file_.template getSectionContentsAsArray<typename ELFT::Word>(header);
      if (!words) {
        llvm::consumeError(words.takeError());
        continue;
      }
      if (words->empty() || ((*words)[0] & elf::GRP_COMDAT) == 0) continue;
      Comdat group{group_signature(header), {}};
      for (const auto member : words->drop_front())
        if (member < sections_.headers.size()) group.sections.push_back(member);
      if (!group.signature.empty()) result.push_back(std::move(group));
    }
    return result;
  }

  std::vector<Use> uses(std::uint32_t symbol_index) const override {
    std::vector<Use> result;
    if (kind_ != Kind::ElfRelocatable) return result;
    std::call_once(relocations_once_, [this] { collect_relocations(); });
    const auto [first, last] =
        std::equal_range(relocations_.begin(), relocations_.end(), SymbolUse{symbol_index, 0, 0},
                         [](const SymbolUse& a, const SymbolUse& b) { return a.symbol < b.symbol; });
    for (auto at = first; at != last; ++at) {
      const Shdr& target = sections_.headers[at->section];
      result.push_back({.section = at->section,
                        .offset = at->offset,
                        .section_name = sections_.name(target).value_or(""),
                        .function = ranges().covering(at->section, at->offset)});
    }
    // Code and data before debug information.
    std::stable_partition(result.begin(), result.end(), [this](const Use& use) {
      return (sections_.headers[use.section].sh_flags & elf::SHF_ALLOC) != 0;
    });
    return result;
  }

  void visit_relocations(llvm::function_ref<void(const Relocation&)> visit) const override {
    if (kind_ != Kind::ElfRelocatable) return;
    for_each_relocation([&](Relocation relocation) {
      const Sym& entry = static_.entries[relocation.symbol];
      Symbol placed{.name = {}, .index = relocation.symbol};
      place_symbol(static_, entry, placed);
      relocation.target_section = placed.section;
      relocation.target_value = entry.st_value;
      relocation.local = entry.getBinding() == elf::STB_LOCAL;
      visit(relocation);
    });
  }

  std::vector<Function> functions() const override {
    std::vector<Function> result;
    for (const ElfRange& range : ranges().all()) {
      if (!range.function) continue;
      const Shdr& section = sections_.headers[range.section];
      const std::string_view bytes = sections_.contents(section);
      const std::uint64_t start = is_linked() ? range.begin - section.sh_addr : range.begin;
      if (start >= bytes.size() || range.end <= range.begin) continue;
      const std::string_view body = bytes.substr(start, range.end - range.begin);
      result.push_back({.name = range.name,
                        .section = range.section,
                        .address = range.begin,
                        .bytes = {reinterpret_cast<const std::uint8_t*>(body.data()), body.size()},
                        .thumb = range.thumb,
                        .sized = range.sized});
    }
    return result;
  }

  std::string_view source_file() const override {
    for (const Sym& entry : static_.entries)
      if (entry.getType() == elf::STT_FILE) return string_at(static_.names, entry.st_name).value_or("");
    return {};
  }

  std::vector<std::string> producers() const override {
    std::vector<std::string> result;
    for (const Shdr& header : sections_.headers) {
      const std::string_view name = sections_.name(header).value_or("");
      const bool all = name == ".comment" || name == ".GCC.command.line";
      if ((!all && name != ".debug_str") || (header.sh_flags & elf::SHF_COMPRESSED) != 0) continue;
      add_producers(sections_.contents(header), all, result);
    }
    return result;
  }

  Declarations declarations() const override { return elf_declarations(*this, origin_.bytes); }

 private:
  struct SymbolUse {
    std::uint32_t symbol;
    std::uint32_t section;
    std::uint64_t offset;
  };

  bool is_linked() const { return kind_ == Kind::ElfShared || kind_ == Kind::ElfExecutable; }
  const SymbolTable<ELFT>& linking_table() const { return is_linked() ? dynamic_ : static_; }

  void read_machine() {
    const auto& header = file_.getHeader();
    machine_ = elf_machine(header.e_machine, header.e_flags, ELFT::Is64Bits ? 64 : 32,
                           ELFT::Endianness == llvm::endianness::big);
  }

  void read_float_abi() {
    if (machine_.elf_machine != elf::EM_ARM || !machine_.abi.empty()) return;
    for (const Shdr& header : sections_.headers) {
      if (header.sh_type != elf::SHT_ARM_ATTRIBUTES) continue;
      const std::string_view bytes = sections_.contents(header);
      machine_.abi = arm_float_abi({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                                   machine_.big_endian);
    }
  }

  Kind kind_of_type() const {
    switch (file_.getHeader().e_type) {
      case elf::ET_REL:
        return Kind::ElfRelocatable;
      case elf::ET_EXEC:
        return Kind::ElfExecutable;
      case elf::ET_DYN:
        return has_interpreter() ? Kind::ElfExecutable : Kind::ElfShared;
      default:
        return Kind::Unknown;
    }
  }

  /// A position-independent program is an ET_DYN like a library. libc.so.6 has an interpreter too, and a
  /// soname.
  bool has_interpreter() const {
    bool interpreter = false, soname = false;
    for (const Shdr& header : sections_.headers) {
      interpreter |= sections_.name(header) == ".interp";
      if (header.sh_type != elf::SHT_DYNAMIC) continue;
      for (const auto& entry : dynamic_entries(file_, header)) soname |= entry.getTag() == elf::DT_SONAME;
    }
    return interpreter && !soname;
  }

  /// One pass for all that is looked for: objects compiled with -ffunction-sections have thousands of
  /// sections.
  void find_tables() {
    for (std::uint32_t i = 1; i < sections_.headers.size(); ++i) {
      const Shdr& header = sections_.headers[i];
      if (header.sh_type == elf::SHT_SYMTAB && static_section_ == 0)
        static_section_ = i;
      else if (header.sh_type == elf::SHT_DYNSYM && dynamic_section_ == 0)
        dynamic_section_ = i;
      else if (header.sh_type == elf::SHT_SYMTAB_SHNDX)
        index_sections_.push_back(i);
      else if (header.sh_type == elf::SHT_PROGBITS && (header.sh_flags & elf::SHF_ALLOC) == 0)
        note_sections_.push_back(i);
    }
  }

  SymbolTable<ELFT> load_table(std::uint32_t section, std::vector<std::string>& faults) {
    SymbolTable<ELFT> table;
    if (section == 0) return table;
    llvm::Expected<llvm::ArrayRef<Sym>> entries = file_.symbols(&sections_.headers[section]);
    llvm::Expected<llvm::StringRef> names =
        file_.getStringTableForSymtab(sections_.headers[section], sections_.headers);
    if (entries && names) {
      table = {*entries, {}, view(*names), section};
    } else {
      if (!entries)
        faults.push_back(say("symbol table in section {}: {}", section, llvm::toString(entries.takeError())));
      if (!names)
        faults.push_back(say("string table of section {}: {}", section, llvm::toString(names.takeError())));
      return table;
    }
    for (const std::uint32_t i : index_sections_) {
      if (sections_.headers[i].sh_link != section) continue;
      llvm::Expected<llvm::ArrayRef<typename ELFT::Word>> indexes =
          file_.getSHNDXTable(sections_.headers[i], sections_.headers);
      if (indexes)
        table.section_indexes = *indexes;
      else
        faults.push_back(llvm::toString(indexes.takeError()));
    }
    check_table(table, faults);
    return table;
  }

  /// Every name must lie in the string table, every section index in the section table. A table whose names
  /// overlap so much that reading them would take for ever is refused.
  void check_table(SymbolTable<ELFT>& table, std::vector<std::string>& faults) const {
    std::uint32_t bad_names = 0, bad_sections = 0;
    for (std::uint32_t i = 1; i < table.entries.size(); ++i) {
      const Sym& entry = table.entries[i];
      bad_names += entry.st_name >= table.names.size();
      bad_sections += entry.st_shndx < elf::SHN_LORESERVE && entry.st_shndx >= sections_.headers.size();
    }
    if (bad_names != 0) faults.push_back(say("{} symbols have names outside the string table", bad_names));
    if (bad_sections != 0)
      faults.push_back(say("{} symbols lie in sections that do not exist", bad_sections));
    constexpr std::uint64_t harmless = std::uint64_t(1) << 32;
    if (table.entries.size() * std::uint64_t(table.names.size()) < harmless) return;
    std::uint64_t budget = 64 * table.names.size();
    for (const Sym& entry : table.entries) {
      const std::uint64_t length = string_at(table.names, entry.st_name).value_or("").size();
      if (length > budget) {
        faults.push_back(say("symbols share the same long names over and over; symbol table not read"));
        table = {};
        return;
      }
      budget -= length;
    }
  }

  /// lib.rmeta in an ELF wrapper (rustc since 1.63), and objects that hold GCC's intermediate code alone.
  void recognise_special_contents() {
    if (kind_ != Kind::ElfRelocatable) return;
    std::vector<std::string_view> lto_tables;
    bool slim = false, metadata = false;
    for (const std::uint32_t i : note_sections_) {
      const Shdr& header = sections_.headers[i];
      const std::optional<std::string_view> name = sections_.name(header);
      if (!name) continue;
      metadata |= *name == ".rmeta";
      if (name->starts_with(".gnu.lto_.symtab")) lto_tables.push_back(sections_.contents(header));
      if (name->starts_with(".gnu.lto_.lto.")) slim |= is_slim_lto(sections_.contents(header));
    }
    if (metadata && origin_.member.starts_with("lib.rmeta")) kind_ = Kind::RustMetadata;
    if (slim) {
      kind_ = Kind::GccLto;
      for (const std::string_view table : lto_tables)
        read_gcc_lto_symbols(table, machine_.big_endian, lto_symbols_);
    }
  }

  bool read_symbol(const SymbolTable<ELFT>& table, std::uint32_t i, Symbol& symbol) const {
    const Sym& entry = table.entries[i];
    const std::optional<std::string_view> name = string_at(table.names, entry.st_name);
    if (!name || name->empty()) return false;
    symbol = Symbol{.name = *name, .index = i, .value = entry.st_value, .size = entry.st_size};
    switch (entry.getBinding()) {
      case elf::STB_LOCAL:
        symbol.binding = Binding::Local;
        break;
      case elf::STB_WEAK:
        symbol.binding = Binding::Weak;
        break;
      case elf::STB_GNU_UNIQUE:
        symbol.binding = Binding::Unique;
        break;
      default:
        symbol.binding = Binding::Global;
        break;
    }
    switch (entry.getVisibility()) {
      case elf::STV_INTERNAL:
        symbol.visibility = Visibility::Internal;
        break;
      case elf::STV_HIDDEN:
        symbol.visibility = Visibility::Hidden;
        break;
      case elf::STV_PROTECTED:
        symbol.visibility = Visibility::Protected;
        break;
      default:
        symbol.visibility = Visibility::Default;
        break;
    }
    switch (entry.getType()) {
      case elf::STT_OBJECT:
        symbol.type = SymbolType::Object;
        break;
      case elf::STT_FUNC:
        symbol.type = SymbolType::Function;
        break;
      case elf::STT_TLS:
        symbol.type = SymbolType::Tls;
        break;
      case elf::STT_GNU_IFUNC:
        symbol.type = SymbolType::Ifunc;
        break;
      case elf::STT_SECTION:
        symbol.type = SymbolType::Section;
        break;
      case elf::STT_FILE:
        symbol.type = SymbolType::File;
        break;
      default:
        symbol.type = SymbolType::None;
        break;
    }
    place_symbol(table, entry, symbol);
    return is_linked() && &table == &dynamic_ ? interface_.add_version(i, symbol)
                                              : version_static_symbol(symbol);
  }

  void place_symbol(const SymbolTable<ELFT>& table, const Sym& entry, Symbol& symbol) const {
    const std::uint32_t section = entry.st_shndx;
    if (section == elf::SHN_UNDEF) {
      symbol.state = State::Undefined;
    } else if (section == elf::SHN_ABS) {
      symbol.state = State::Absolute;
    } else if (section == elf::SHN_XINDEX) {
      symbol.state = State::Defined;
      if (symbol.index < table.section_indexes.size()) symbol.section = table.section_indexes[symbol.index];
    } else if (section == elf::SHN_COMMON || entry.getType() == elf::STT_COMMON ||
               (section >= elf::SHN_LOPROC && section <= elf::SHN_HIPROC)) {
      // SHN_LOPROC..HIPROC: small and large common blocks of x86-64, MIPS, Hexagon; MIPS has one for
      // undefined.
      const bool mips_undefined = machine_.elf_machine == elf::EM_MIPS && section == elf::SHN_MIPS_SUNDEFINED;
      symbol.state = mips_undefined ? State::Undefined : State::Common;
    } else {
      symbol.state = State::Defined;
      symbol.section = section;
    }
    if (symbol.section >= sections_.headers.size()) symbol.section = 0;
  }

  /// `f@VERSION` and `f@@VERSION`: what .symver leaves in an object.
  static bool version_static_symbol(Symbol& symbol) {
    const std::size_t at = symbol.name.find('@');
    if (at == std::string_view::npos || at == 0) return true;
    symbol.default_version = symbol.name.substr(at).starts_with("@@");
    symbol.version = symbol.name.substr(at + (symbol.default_version ? 2 : 1));
    symbol.name = symbol.name.substr(0, at);
    return true;
  }

  std::string_view group_signature(const Shdr& group) const {
    if (group.sh_link != static_.section || group.sh_info >= static_.entries.size()) return {};
    const Sym& entry = static_.entries[group.sh_info];
    const std::string_view name = string_at(static_.names, entry.st_name).value_or("");
    // GNU as names the group by its section symbol when no symbol has that name.
    if (name.empty() && entry.getType() == elf::STT_SECTION && entry.st_shndx < sections_.headers.size())
      return sections_.name(sections_.headers[entry.st_shndx]).value_or("");
    return name;
  }

  /// Calls `take` for every relocation against a symbol; what the symbol says is left out.
  template <class Take>
  void for_each_relocation(Take take) const {
    for (const Shdr& header : sections_.headers) {
      if (header.sh_info >= sections_.headers.size() || header.sh_link != static_.section) continue;
      if (header.sh_type == elf::SHT_RELA) take_entries(header, file_.relas(header), take);
      if (header.sh_type == elf::SHT_REL) take_entries(header, file_.rels(header), take);
      if (header.sh_type == elf::SHT_CREL) {
        if (auto decoded = file_.crels(header)) {
          take_all(header, llvm::ArrayRef(decoded->first), take);
          take_all(header, llvm::ArrayRef(decoded->second), take);
        } else {
          llvm::consumeError(decoded.takeError());
        }
      }
    }
  }

  template <class Entries, class Take>
  void take_entries(const Shdr& header, llvm::Expected<Entries> entries, Take& take) const {
    if (entries)
      take_all(header, *entries, take);
    else
      llvm::consumeError(entries.takeError());
  }

  template <class Entry, class Take>
  void take_all(const Shdr& header, llvm::ArrayRef<Entry> entries, Take& take) const {
    const bool mips64_little = file_.isMips64EL();
    for (const Entry& entry : entries) {
      const std::uint32_t symbol = entry.getSymbol(mips64_little);
      if (symbol == 0 || symbol >= static_.entries.size()) continue;
      Relocation relocation{.section = header.sh_info,
                            .offset = entry.r_offset,
                            .type = entry.getType(mips64_little),
                            .symbol = symbol};
      if constexpr (requires { entry.r_addend; }) relocation.addend = entry.r_addend;
      take(relocation);
    }
  }

  void collect_relocations() const {
    for_each_relocation([this](const Relocation& relocation) {
      if (static_.entries[relocation.symbol].getBinding() != elf::STB_LOCAL)
        relocations_.push_back({relocation.symbol, relocation.section, relocation.offset});
    });
    std::stable_sort(relocations_.begin(), relocations_.end(),
                     [](const SymbolUse& a, const SymbolUse& b) { return a.symbol < b.symbol; });
  }

  /// Functions and data with their bounds, for functions() and for the function of a use.
  const ElfRanges& ranges() const {
    std::call_once(ranges_once_, [this] {
      const SymbolTable<ELFT>& table = static_.entries.empty() ? dynamic_ : static_;
      std::vector<ElfRange> found;
      for (std::uint32_t i = 1; i < table.entries.size(); ++i) add_range(table, i, found);
      std::vector<std::uint64_t> ends(sections_.headers.size());
      for (std::size_t i = 0; i < sections_.headers.size(); ++i)
        ends[i] = (is_linked() ? sections_.headers[i].sh_addr : 0) + sections_.headers[i].sh_size;
      ranges_.build(std::move(found), ends);
    });
    return ranges_;
  }

  void add_range(const SymbolTable<ELFT>& table, std::uint32_t i, std::vector<ElfRange>& found) const {
    const Sym& entry = table.entries[i];
    Symbol symbol;
    if (!read_symbol(table, i, symbol) || symbol.state != State::Defined || symbol.section == 0) return;
    const Shdr& section = sections_.headers[symbol.section];
    const bool code = (section.sh_flags & elf::SHF_EXECINSTR) != 0;
    const bool function = symbol.type == SymbolType::Function || symbol.type == SymbolType::Ifunc ||
                          // Assemblers other than GCC's output often leave the type out.
                          (code && symbol.type == SymbolType::None && symbol.binding != Binding::Local);
    if (!function && symbol.type != SymbolType::Object) return;
    const bool t32 = function && machine_.elf_machine == elf::EM_ARM && (entry.st_value & 1) != 0;
    const bool compressed = machine_.elf_machine == elf::EM_MIPS &&
                            ((entry.st_other & 0xc0) == elf::STO_MIPS_MICROMIPS ||
                             (entry.st_other & elf::STO_MIPS_MIPS16) == elf::STO_MIPS_MIPS16);
    const std::uint64_t begin = entry.st_value - (t32 ? 1 : 0);
    if (is_linked() && begin < section.sh_addr) return;
    found.push_back({.section = symbol.section,
                     .begin = begin,
                     .end = begin + entry.st_size,
                     .name = symbol.name,
                     .function = function && code,
                     .thumb = t32 || compressed,
                     .global = symbol.binding != Binding::Local,
                     .sized = entry.st_size != 0});
  }

  Origin origin_;
  llvm::object::ELFFile<ELFT> file_;
  Kind kind_ = Kind::Unknown;
  Machine machine_;
  ElfSections<ELFT> sections_;
  std::uint32_t static_section_ = 0, dynamic_section_ = 0;  ///< symbol tables; 0 when there is none
  std::vector<std::uint32_t> index_sections_;               ///< SHT_SYMTAB_SHNDX
  std::vector<std::uint32_t> note_sections_;  ///< SHT_PROGBITS that takes no part in the program
  SymbolTable<ELFT> static_, dynamic_;
  ElfDynamic<ELFT> interface_;
  std::vector<Symbol> lto_symbols_;

  mutable std::once_flag symbols_once_, relocations_once_, ranges_once_;
  mutable std::vector<Symbol> symbols_;
  mutable std::vector<SymbolUse> relocations_;  ///< sorted by symbol
  mutable ElfRanges ranges_;
};

template <class ELFT>
llvm::Expected<std::unique_ptr<Object>> open_as(const Origin& origin, std::vector<std::string>& faults) {
  llvm::Expected<llvm::object::ELFFile<ELFT>> file =
      llvm::object::ELFFile<ELFT>::create({origin.bytes.data(), origin.bytes.size()});
  if (!file) return file.takeError();
  auto object = std::make_unique<ElfObject<ELFT>>(origin, std::move(*file));
  object->load(faults);
  return object;
}

}  // namespace

std::string label_of(const Origin& origin) {
  if (origin.member.empty()) return *origin.path;
  return fmt::format("{}({})", *origin.path, origin.member);
}

bool is_elf(std::string_view bytes) {
  return bytes.starts_with(
      "\x7f"
      "ELF");
}

std::optional<std::uint64_t> entry_point_of(const Object& object) {
  const auto* program = dynamic_cast<const HasEntryPoint*>(&object);
  return program == nullptr ? std::nullopt : program->entry_point();
}

llvm::Expected<std::unique_ptr<Object>> open_elf(const Origin& origin, std::vector<std::string>& faults) {
  using namespace llvm::object;
  if (origin.bytes.size() < elf::EI_NIDENT) return llvm::createStringError(say("truncated ELF header"));
  const unsigned width = static_cast<unsigned char>(origin.bytes[elf::EI_CLASS]);
  const unsigned order = static_cast<unsigned char>(origin.bytes[elf::EI_DATA]);
  if (width == elf::ELFCLASS64 && order == elf::ELFDATA2LSB) return open_as<ELF64LE>(origin, faults);
  if (width == elf::ELFCLASS32 && order == elf::ELFDATA2LSB) return open_as<ELF32LE>(origin, faults);
  if (width == elf::ELFCLASS64 && order == elf::ELFDATA2MSB) return open_as<ELF64BE>(origin, faults);
  if (width == elf::ELFCLASS32 && order == elf::ELFDATA2MSB) return open_as<ELF32BE>(origin, faults);
  return llvm::createStringError(say("ELF class {} and byte order {} do not exist", width, order).c_str());
}

}  // namespace linkdx::artifact
