// See macho.hpp.

#include "macho.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>
#include <llvm/BinaryFormat/ELF.h>
#include <llvm/BinaryFormat/MachO.h>

#include "export_trie.hpp"
#include "fields.hpp"
#include "linkdx/language.hpp"
#include "machine.hpp"
#include "table_object.hpp"

namespace linkdx::artifact {

namespace {

namespace elf = llvm::ELF;
namespace macho = llvm::MachO;

struct Subtype {
  std::uint32_t cpu, subtype;
  const char* name;  ///< as `lipo -archs` prints it
};

/// The first row of a cpu type without a fitting subtype stands for the rest. Source: mach/machine.h.
constexpr std::array subtypes = {
    Subtype{macho::CPU_TYPE_X86_64, macho::CPU_SUBTYPE_X86_64_ALL, "x86_64"},
    Subtype{macho::CPU_TYPE_X86_64, macho::CPU_SUBTYPE_X86_64_H, "x86_64h"},
    Subtype{macho::CPU_TYPE_I386, macho::CPU_SUBTYPE_I386_ALL, "i386"},
    Subtype{macho::CPU_TYPE_ARM64, macho::CPU_SUBTYPE_ARM64_ALL, "arm64"},
    Subtype{macho::CPU_TYPE_ARM64, macho::CPU_SUBTYPE_ARM64E, "arm64e"},
    Subtype{macho::CPU_TYPE_ARM64_32, macho::CPU_SUBTYPE_ARM64_32_V8, "arm64_32"},
    Subtype{macho::CPU_TYPE_ARM, macho::CPU_SUBTYPE_ARM_ALL, "arm"},
    Subtype{macho::CPU_TYPE_ARM, macho::CPU_SUBTYPE_ARM_V6, "armv6"},
    Subtype{macho::CPU_TYPE_ARM, macho::CPU_SUBTYPE_ARM_V7, "armv7"},
    Subtype{macho::CPU_TYPE_ARM, macho::CPU_SUBTYPE_ARM_V7S, "armv7s"},
    Subtype{macho::CPU_TYPE_ARM, macho::CPU_SUBTYPE_ARM_V7K, "armv7k"},
    Subtype{macho::CPU_TYPE_POWERPC, macho::CPU_SUBTYPE_POWERPC_ALL, "ppc"},
    Subtype{macho::CPU_TYPE_POWERPC64, macho::CPU_SUBTYPE_POWERPC_ALL, "ppc64"},
};

std::string arch_name(std::uint32_t cpu, std::uint32_t subtype) {
  subtype &= ~std::uint32_t{macho::CPU_SUBTYPE_MASK};
  const char* name = nullptr;
  for (const Subtype& row : subtypes) {
    if (row.cpu != cpu) continue;
    if (row.subtype == subtype) return row.name;
    if (!name) name = row.name;
  }
  return name ? name : fmt::format("cputype {}", cpu);
}

/// PLATFORM_* by number.
constexpr std::array<std::string_view, 13> platforms = {"",
                                                        "macos",
                                                        "ios",
                                                        "tvos",
                                                        "watchos",
                                                        "bridgeos",
                                                        "mac-catalyst",
                                                        "ios-simulator",
                                                        "tvos-simulator",
                                                        "watchos-simulator",
                                                        "driverkit",
                                                        "visionos",
                                                        "visionos-simulator"};

std::uint32_t magic_of(std::string_view bytes) {
  return Fields(bytes).u32(0);
}

class MachoObject final : public TableObject {
 public:
  MachoObject(const Origin& origin, bool big_endian, bool wide)
      : TableObject(origin), fields_(origin.bytes, big_endian), big_endian_(big_endian), wide_(wide) {}

  void load(std::vector<std::string>& faults) {
    const std::uint32_t cpu = fields_.u32(4), subtype = fields_.u32(8);
    machine_ = foreign_machine(Format::MachO, cpu, big_endian_);
    if (machine_.arch.empty()) machine_.bits = wide_ ? 64 : 32;
    if (cpu == macho::CPU_TYPE_ARM64 && arch_name(cpu, subtype) == "arm64e") machine_.abi = "arm64e";
    kind_ = kind_of_type(fields_.u32(12));
    read_commands(faults);
    set_platform();
    read_symbols(faults);
  }

  void visit_relocations(llvm::function_ref<void(const Relocation&)> visit) const override {
    if (kind_ != Kind::MachO) return;
    for (std::uint32_t section = 1; section < sections_.size(); ++section)
      for (std::uint32_t i = 0; i < relocations_[section].count; ++i)
        visit_relocation(section, relocations_[section].offset + std::uint64_t{8} * i, visit);
  }

 private:
  struct RelocationTable {
    std::uint64_t offset = 0;
    std::uint32_t count = 0;
  };
  struct Place {
    std::uint32_t section = 0;
    std::uint64_t value = 0;
    bool local = false;
  };

  static Kind kind_of_type(std::uint32_t type) {
    switch (type) {
      case macho::MH_OBJECT:
        return Kind::MachO;
      case macho::MH_DYLIB:
      case macho::MH_DYLIB_STUB:
      case macho::MH_FVMLIB:
        return Kind::MachOShared;
      default:
        return Kind::MachOExecutable;
    }
  }

  void read_commands(std::vector<std::string>& faults) {
    const std::uint32_t count = fields_.u32(16);
    std::uint64_t at = wide_ ? sizeof(macho::mach_header_64) : sizeof(macho::mach_header);
    const std::uint64_t end = at + fields_.u32(20);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t size = fields_.u32(at + 4);
      if (size < 8 || !fields_.has(at, size) || at + size > end) {
        faults.push_back(
            say("load command {} of {} at offset {:#x} lies outside the file's load commands", i, count, at));
        return;
      }
      read_command(fields_.u32(at), at, size, faults);
      at += size;
    }
  }

  void read_command(std::uint32_t command, std::uint64_t at, std::uint32_t size,
                    std::vector<std::string>& faults) {
    switch (command) {
      case macho::LC_SEGMENT:
      case macho::LC_SEGMENT_64:
        return read_segment(at, size, faults);
      case macho::LC_SYMTAB:
        symbols_at_ = fields_.u32(at + 8);
        symbol_count_ = fields_.u32(at + 12);
        names_at_ = fields_.u32(at + 16);
        names_size_ = fields_.u32(at + 20);
        return;
      case macho::LC_ID_DYLIB:
        soname_ = library_name(at, size);
        return;
      case macho::LC_LOAD_DYLIB:
      case macho::LC_LOAD_WEAK_DYLIB:
      case macho::LC_REEXPORT_DYLIB:
      case macho::LC_LAZY_LOAD_DYLIB:
      case macho::LC_LOAD_UPWARD_DYLIB:
        needed_.push_back(library_name(at, size));
        return;
      case macho::LC_BUILD_VERSION:
        return add_platform(fields_.u32(at + 8));
      case macho::LC_VERSION_MIN_MACOSX:
        return add_platform(macho::PLATFORM_MACOS);
      // Before LC_BUILD_VERSION, Intel code for these systems was for the simulator.
      case macho::LC_VERSION_MIN_IPHONEOS:
        return add_platform(is_intel() ? macho::PLATFORM_IOSSIMULATOR : macho::PLATFORM_IOS);
      case macho::LC_VERSION_MIN_TVOS:
        return add_platform(is_intel() ? macho::PLATFORM_TVOSSIMULATOR : macho::PLATFORM_TVOS);
      case macho::LC_VERSION_MIN_WATCHOS:
        return add_platform(is_intel() ? macho::PLATFORM_WATCHOSSIMULATOR : macho::PLATFORM_WATCHOS);
      case macho::LC_LINKER_OPTION:
        return read_linker_option(at, size);
      case macho::LC_DYLD_INFO:
      case macho::LC_DYLD_INFO_ONLY:
        exports_ = fields_.range(fields_.u32(at + 40), fields_.u32(at + 44));
        return;
      case macho::LC_DYLD_EXPORTS_TRIE:
        exports_ = fields_.range(fields_.u32(at + 8), fields_.u32(at + 12));
        return;
      default:
        return;
    }
  }

  bool is_intel() const {
    return machine_.elf_machine == elf::EM_X86_64 || machine_.elf_machine == elf::EM_386;
  }

  void add_platform(std::uint32_t number) {
    platforms_.push_back(number < platforms.size() ? platforms[number] : std::string_view());
  }
  /// A library for several platforms fits each of them; which of them it is linked for cannot be told from
  /// it.
  void set_platform() {
    if (platforms_.size() == 1) machine_.platform = platforms_.front();
  }

  std::string_view library_name(std::uint64_t at, std::uint32_t size) const {
    const std::uint32_t offset = fields_.u32(at + 8);
    return offset < size ? fields_.padded(at + offset, size - offset) : std::string_view();
  }

  void read_linker_option(std::uint64_t at, std::uint32_t size) {
    std::string text;
    Fields words(fields_.range(at + 12, size - std::min(size, 12u)));
    std::uint64_t word_at = 0;
    for (std::uint32_t left = fields_.u32(at + 8); left > 0; --left) {
      const std::optional<std::string_view> word = words.terminated(word_at);
      if (!word) break;
      if (!text.empty()) text += ' ';
      text += *word;
      word_at += word->size() + 1;
    }
    if (!text.empty()) directives_.push_back(std::move(text));
  }

  void read_segment(std::uint64_t at, std::uint32_t size, std::vector<std::string>& faults) {
    const std::uint64_t header = wide_ ? sizeof(macho::segment_command_64) : sizeof(macho::segment_command);
    const std::uint64_t entry = wide_ ? sizeof(macho::section_64) : sizeof(macho::section);
    const std::uint64_t count = fields_.u32(at + (wide_ ? 64 : 48));
    if (size < header || count > (size - header) / entry) {
      faults.push_back(say("segment at offset {:#x} claims {} sections and has room for fewer", at, count));
      return;
    }
    for (std::uint64_t i = 0; i < count; ++i) read_section(at + header + i * entry, faults);
  }

  void read_section(std::uint64_t at, std::vector<std::string>& faults) {
    const std::uint64_t rest = at + (wide_ ? 48 : 40);  // behind the address and the size
    const std::uint64_t address = wide_ ? fields_.u64(at + 32) : fields_.u32(at + 32);
    const std::uint64_t size = wide_ ? fields_.u64(at + 40) : fields_.u32(at + 36);
    const std::uint32_t flags = fields_.u32(rest + 16);
    const std::uint32_t type = flags & macho::SECTION_TYPE;
    Section section;
    section.name = own(fmt::format("{},{}", fields_.padded(at + 16, 16), fields_.padded(at, 16)));
    section.address = kind_ == Kind::MachO ? 0 : address;
    section.type = type == macho::S_MOD_INIT_FUNC_POINTERS ? elf::SHT_INIT_ARRAY : elf::SHT_PROGBITS;
    if ((flags & macho::S_ATTR_DEBUG) == 0) section.flags = elf::SHF_ALLOC;
    if ((flags & (macho::S_ATTR_PURE_INSTRUCTIONS | macho::S_ATTR_SOME_INSTRUCTIONS)) != 0 &&
        type != macho::S_SYMBOL_STUBS)
      section.flags |= elf::SHF_EXECINSTR;
    if (type == macho::S_ZEROFILL || type == macho::S_GB_ZEROFILL || type == macho::S_THREAD_LOCAL_ZEROFILL) {
      section.type = elf::SHT_NOBITS;
    } else {
      const std::string_view contents = fields_.range(fields_.u32(rest), size);
      if (contents.size() != size) faults.push_back(say("section {} lies outside the file", section.name));
      section.contents = bytes_of(contents);
    }
    RelocationTable table{fields_.u32(rest + 8), fields_.u32(rest + 12)};
    if (kind_ == Kind::MachO && !take_relocations(table.offset, table.count, 8)) {
      faults.push_back(say("relocations of section {} lie outside the file", section.name));
      table = {};
    }
    sections_.push_back(section);
    section_sizes_.push_back(size);
    addresses_.push_back(address);
    relocations_.push_back(table);
  }

  void read_symbols(std::vector<std::string>& faults) {
    const std::uint64_t entry = wide_ ? sizeof(macho::nlist_64) : sizeof(macho::nlist);
    if (!fields_.has(symbols_at_, entry * symbol_count_)) {
      faults.push_back(say("symbol table lies outside the file"));
      symbol_count_ = 0;
    }
    const std::string_view names = fields_.range(names_at_, names_size_);
    if (names.size() != names_size_) faults.push_back(say("string table lies outside the file"));
    NameTableReader reader(names);
    places_.resize(symbol_count_);
    std::uint64_t misplaced = 0;
    for (std::uint32_t i = 0; i < symbol_count_; ++i)
      misplaced += !read_symbol(symbols_at_ + entry * i, i, reader);
    if (reader.unreadable() != 0)
      faults.push_back(say("{} symbols have names outside the string table", reader.unreadable()));
    if (misplaced != 0) faults.push_back(say("{} symbols lie in sections that do not exist", misplaced));
    if (kind_ != Kind::MachO && !exports_.empty()) take_exports(faults);
  }

  /// False when the symbol's section does not exist.
  bool read_symbol(std::uint64_t at, std::uint32_t i, NameTableReader& names) {
    const std::uint8_t type = fields_.u8(at + 4);
    if ((type & macho::N_STAB) != 0) return true;
    const std::uint16_t description = fields_.u16(at + 6);
    const std::uint64_t value = wide_ ? fields_.u64(at + 8) : fields_.u32(at + 8);
    const std::optional<std::string_view> name = names.at(fields_.u32(at));
    const bool external = (type & macho::N_EXT) != 0;
    Symbol symbol{.name = name.value_or(""), .index = i + 1, .value = value};
    symbol.binding = external ? Binding::Global : Binding::Local;
    if ((type & macho::N_PEXT) != 0) symbol.visibility = Visibility::Hidden;
    places_[i].local = !external;
    switch (type & macho::N_TYPE) {
      case macho::N_UNDF:
      case macho::N_PBUD:
        symbol.state = external && value != 0 ? State::Common : State::Undefined;
        symbol.size = value;
        symbol.value = 0;
        if ((description & macho::N_WEAK_REF) != 0) symbol.binding = Binding::Weak;
        break;
      case macho::N_ABS:
        symbol.state = State::Absolute;
        break;
      case macho::N_INDR:
        symbol.state = State::Defined;
        symbol.value = 0;
        break;
      case macho::N_SECT: {
        const std::uint8_t section = fields_.u8(at + 5);
        if (section == 0 || section >= sections_.size()) return false;
        symbol.state = State::Defined;
        symbol.section = section;
        if (kind_ == Kind::MachO) symbol.value -= std::min(symbol.value, addresses_[section]);
        places_[i].section = section;
        places_[i].value = symbol.value;
        const bool code = (sections_[section].flags & elf::SHF_EXECINSTR) != 0;
        symbol.type = code ? SymbolType::Function : SymbolType::Object;
        if (external && (description & macho::N_WEAK_DEF) != 0) symbol.binding = Binding::Weak;
        if (code && machine_.elf_machine == elf::EM_ARM && (description & macho::N_ARM_THUMB_DEF) != 0)
          thumb_symbols_.insert(symbol.index);
        break;
      }
      default:
        return true;
    }
    // The assembler's own marks of where a section begins: `ltmp0`, `L...`.
    const bool mark =
        symbol.binding == Binding::Local && (symbol.name.starts_with("ltmp") || symbol.name.starts_with('L'));
    if (!symbol.name.empty() && !mark) add(symbol);
    return true;
  }

  /// What the loader finds in a library is its trie; the symbol table may say less.
  void take_exports(std::vector<std::string>& faults) {
    ExportTrie trie = read_export_trie(exports_);
    if (!trie.fault.empty()) faults.push_back(say("export trie: {}", trie.fault));
    std::set<std::string_view> known;
    for (const Symbol& symbol : symbols_)
      if (symbol.state != State::Undefined) known.insert(symbol.name);
    const std::uint64_t base = image_base();
    for (ExportTrie::Entry& entry : trie.entries) {
      if (known.contains(entry.name)) continue;
      Symbol symbol{.name = own(std::move(entry.name)), .state = State::Defined};
      if (entry.weak) symbol.binding = Binding::Weak;
      symbol.type = entry.thread_local_ ? SymbolType::Tls : SymbolType::None;
      if (!entry.reexport) place(base + entry.address, symbol);
      symbols_.push_back(symbol);
    }
  }

  /// The address of the header, from which the trie counts: __TEXT begins with it.
  std::uint64_t image_base() const {
    for (std::uint32_t i = 1; i < sections_.size(); ++i)
      if (sections_[i].name == "__TEXT,__text" && !sections_[i].contents.empty())
        return sections_[i].address -
               static_cast<std::uint64_t>(reinterpret_cast<const char*>(sections_[i].contents.data()) -
                                          origin_.bytes.data());
    return 0;
  }

  void visit_relocation(std::uint32_t section, std::uint64_t at,
                        llvm::function_ref<void(const Relocation&)> visit) const {
    const std::uint32_t address = fields_.u32(at), word = fields_.u32(at + 4);
    const bool narrow = machine_.bits == 32 && machine_.arch != "aarch64_32";
    if (narrow && (address & macho::R_SCATTERED) != 0) return;  // names an address and no symbol
    // Bit fields are laid out by the byte order of the machine.
    const std::uint32_t symbol = big_endian_ ? word >> 8 : word & 0xffffff;
    const bool external = (big_endian_ ? word >> 4 & 1 : word >> 27 & 1) != 0;
    const std::uint32_t type = big_endian_ ? word & 15 : word >> 28;
    if (machine_.elf_machine == elf::EM_AARCH64 && type == macho::ARM64_RELOC_ADDEND) return;
    Relocation relocation{.section = section, .offset = address, .type = elf_type(type)};
    if (external) {
      if (symbol >= places_.size()) return;
      relocation.symbol = symbol + 1;
      relocation.target_section = places_[symbol].section;
      relocation.target_value = places_[symbol].value;
      relocation.local = places_[symbol].local;
      if (is_distance(type)) relocation.addend = in_place(section, address) - 4;
    } else {
      return;  // names a section; the bytes in place hold the address
    }
    visit(relocation);
  }

  /// X86_64_RELOC_*: those that hold a distance from the end of the instruction.
  bool is_distance(std::uint32_t type) const {
    return machine_.elf_machine == elf::EM_X86_64 &&
           (type == macho::X86_64_RELOC_SIGNED || type == macho::X86_64_RELOC_BRANCH ||
            type == macho::X86_64_RELOC_GOT || type == macho::X86_64_RELOC_GOT_LOAD);
  }
  std::uint32_t elf_type(std::uint32_t type) const {
    if (machine_.elf_machine == elf::EM_X86_64) {
      if (is_distance(type)) return elf::R_X86_64_PC32;
      if (type == macho::X86_64_RELOC_UNSIGNED) return elf::R_X86_64_64;
    }
    if (machine_.elf_machine == elf::EM_AARCH64) {
      if (type == macho::ARM64_RELOC_BRANCH26) return elf::R_AARCH64_CALL26;
      if (type == macho::ARM64_RELOC_UNSIGNED) return elf::R_AARCH64_ABS64;
      if (type == macho::ARM64_RELOC_PAGE21) return elf::R_AARCH64_ADR_PREL_PG_HI21;
      if (type == macho::ARM64_RELOC_PAGEOFF12) return elf::R_AARCH64_ADD_ABS_LO12_NC;
    }
    return 0;
  }
  std::int64_t in_place(std::uint32_t section, std::uint32_t address) const {
    const std::span<const std::uint8_t> bytes = sections_[section].contents;
    if (address > bytes.size() || bytes.size() - address < 4) return 0;
    return static_cast<std::int32_t>(llvm::support::endian::read32le(bytes.data() + address));
  }

  Fields fields_;
  bool big_endian_, wide_;
  std::uint64_t symbols_at_ = 0, names_at_ = 0, names_size_ = 0;
  std::uint32_t symbol_count_ = 0;
  std::string_view exports_;
  std::vector<std::string_view> platforms_;
  std::vector<std::uint64_t> addresses_{0};  ///< of sections as they are written, also in objects
  std::vector<RelocationTable> relocations_{{}};
  std::vector<Place> places_;  ///< of each symbol of the table
};

}  // namespace

bool is_macho(std::string_view bytes) {
  const std::uint32_t magic = magic_of(bytes);
  return magic == macho::MH_MAGIC || magic == macho::MH_MAGIC_64 || magic == macho::MH_CIGAM ||
         magic == macho::MH_CIGAM_64;
}

std::unique_ptr<Object> open_macho(const Origin& origin, std::vector<std::string>& faults) {
  const std::uint32_t magic = magic_of(origin.bytes);
  const bool wide = magic == macho::MH_MAGIC_64 || magic == macho::MH_CIGAM_64;
  const bool big_endian = magic == macho::MH_CIGAM || magic == macho::MH_CIGAM_64;
  if (origin.bytes.size() < (wide ? sizeof(macho::mach_header_64) : sizeof(macho::mach_header))) {
    faults.push_back(say("truncated Mach-O header"));
    return nullptr;
  }
  auto object = std::make_unique<MachoObject>(origin, big_endian, wide);
  object->load(faults);
  return object;
}

bool is_universal(std::string_view bytes) {
  const Fields fields(bytes, true);
  const std::uint32_t magic = fields.u32(0);
  // Java's class files have the same magic, and a version of at least 43 where the number of slices stands.
  return (magic == macho::FAT_MAGIC || magic == macho::FAT_MAGIC_64) && fields.u32(4) > 0 &&
         fields.u32(4) < 43;
}

std::vector<Slice> slices_of(std::string_view bytes, std::vector<std::string>& faults) {
  const Fields fields(bytes, true);
  const bool wide = fields.u32(0) == macho::FAT_MAGIC_64;
  const std::uint64_t entry = wide ? sizeof(macho::fat_arch_64) : sizeof(macho::fat_arch);
  const std::uint32_t count = fields.u32(4);
  std::vector<Slice> result;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t at = sizeof(macho::fat_header) + entry * i;
    Slice slice{.name = arch_name(fields.u32(at), fields.u32(at + 4)), .bytes = {}};
    const std::uint64_t offset = wide ? fields.u64(at + 8) : fields.u32(at + 8);
    const std::uint64_t size = wide ? fields.u64(at + 16) : fields.u32(at + 12);
    slice.bytes = fields.range(offset, size);
    if (!fields.has(at, entry) || slice.bytes.empty())
      faults.push_back(say("slice {} of {} ({}) lies outside the file", i + 1, count, slice.name));
    else
      result.push_back(std::move(slice));
  }
  return result;
}

}  // namespace linkdx::artifact
