// Objects, short imports, programs and DLLs of Windows. See coff.hpp.

#include "coff.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <llvm/BinaryFormat/COFF.h>

#include "coff_tables.hpp"
#include "fields.hpp"
#include "linkdx/language.hpp"
#include "machine.hpp"

namespace linkdx::artifact {

namespace {

namespace coff = llvm::COFF;

constexpr std::uint64_t header_size = 20;
constexpr std::uint64_t big_header_size = 56;

bool is_big(const Fields& fields) {
  return fields.u16(0) == 0 && fields.u16(2) == 0xffff && fields.u16(4) >= 2 &&
         fields.range(12, 16) == std::string_view(coff::BigObjMagic, 16);
}

bool is_cl_gl(const Fields& fields) {
  return fields.u16(0) == 0 && fields.u16(2) == 0xffff && fields.u16(4) >= 1 &&
         fields.range(12, 16) == std::string_view(coff::ClGlObjMagic, 16);
}

CoffHeader object_header(const Fields& fields) {
  if (is_big(fields))
    return {.machine = fields.u16(6),
            .section_count = fields.u32(44),
            .sections_at = big_header_size,
            .symbols_at = fields.u32(48),
            .symbol_count = fields.u32(52),
            .big = true};
  return {.machine = fields.u16(0),
          .section_count = fields.u16(2),
          .sections_at = header_size + fields.u16(16),
          .symbols_at = fields.u32(8),
          .symbol_count = fields.u32(12)};
}

class CoffObject final : public CoffTables {
 public:
  explicit CoffObject(const Origin& origin) : CoffTables(origin) { kind_ = Kind::Coff; }
  void load(std::vector<std::string>& faults) { load_tables(object_header(fields_), faults); }
};

/// `symbol` and `__imp_symbol`, from a member that holds no more than two names.
class ImportObject final : public TableObject {
 public:
  explicit ImportObject(const Origin& origin) : TableObject(origin) { kind_ = Kind::CoffImport; }

  void load(std::vector<std::string>& faults) {
    const Fields fields(origin_.bytes);
    machine_ = foreign_machine(Format::Coff, fields.u16(6), false);
    const Fields names(fields.range(header_size, fields.u32(12)));
    const std::optional<std::string_view> symbol = names.terminated(0);
    const std::optional<std::string_view> library =
        symbol ? names.terminated(symbol->size() + 1) : std::nullopt;
    if (!symbol || !library) {
      faults.push_back(say("short import without its names"));
      return;
    }
    library_ = *library;
    needed_.push_back(library_);
    const unsigned type = fields.u16(18) & 3;
    add({.name = own("__imp_" + std::string(*symbol)),
         .type = SymbolType::Object,
         .state = State::Defined,
         .index = 1});
    // Data can be reached through the pointer only.
    if (type != coff::IMPORT_DATA)
      add({.name = *symbol, .type = SymbolType::Function, .state = State::Defined, .index = 2});
  }

 private:
  std::string_view library_;
};

class PeFile final : public CoffTables {
 public:
  explicit PeFile(const Origin& origin) : CoffTables(origin) {}

  void load(std::vector<std::string>& faults) {
    const std::uint64_t at = fields_.u32(0x3c) + 4;  // behind "PE\0\0"
    kind_ = (fields_.u16(at + 18) & coff::IMAGE_FILE_DLL) != 0 ? Kind::PeShared : Kind::PeExecutable;
    const std::uint64_t optional = at + header_size;
    const bool wide = fields_.u16(optional) == coff::PE32Header::PE32_PLUS;
    base_ = wide ? fields_.u64(optional + 24) : fields_.u32(optional + 28);
    load_tables({.machine = fields_.u16(at),
                 .section_count = fields_.u16(at + 2),
                 .sections_at = optional + fields_.u16(at + 16),
                 .symbols_at = fields_.u32(at + 8),
                 .symbol_count = fields_.u32(at + 12),
                 .image_base = base_,
                 .image = true},
                faults);
    const std::uint32_t directories = fields_.u32(optional + (wide ? 108 : 92));
    const std::uint64_t first = optional + (wide ? 112 : 96);
    // Symbols that a program keeps for debuggers are none that others could link to.
    for (Symbol& symbol : symbols_) symbol.binding = Binding::Local;
    local_symbols_.insert(local_symbols_.end(), symbols_.begin(), symbols_.end());
    symbols_.clear();
    if (directories > coff::EXPORT_TABLE) read_exports(fields_.u32(first), fields_.u32(first + 4), faults);
    if (directories > coff::IMPORT_TABLE) read_imports(fields_.u32(first + 8), faults);
  }

 private:
  /// The bytes from an address, counted from the image's base, to the end of its section.
  Fields at_address(std::uint32_t address) const {
    const std::uint32_t section = section_at(base_ + address);
    if (section == 0) return Fields(std::string_view());
    const std::span<const std::uint8_t> bytes = sections_[section].contents;
    const std::uint64_t offset = base_ + address - sections_[section].address;
    if (offset >= bytes.size()) return Fields(std::string_view());
    return Fields(std::string_view(reinterpret_cast<const char*>(bytes.data()) + offset,
                                   static_cast<std::size_t>(bytes.size() - offset)));
  }

  void read_exports(std::uint32_t address, std::uint32_t size, std::vector<std::string>& faults) {
    if (address == 0) return;
    const Fields table = at_address(address);
    if (!table.has(0, 40)) {
      faults.push_back(say("export table lies outside the sections"));
      return;
    }
    soname_ = at_address(table.u32(12)).terminated(0).value_or("");
    const std::uint32_t count = table.u32(24), functions = table.u32(20);
    const Fields addresses = at_address(table.u32(28)), names = at_address(table.u32(32)),
                 ordinals = at_address(table.u32(36));
    if (!names.has(0, std::uint64_t{4} * count) || !ordinals.has(0, std::uint64_t{2} * count) ||
        !addresses.has(0, std::uint64_t{4} * functions)) {
      faults.push_back(say("export table claims {} names and has room for fewer", count));
      return;
    }
    std::uint64_t budget = 64 * origin_.bytes.size();
    std::uint64_t unreadable = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::optional<std::string_view> name = at_address(names.u32(4 * i)).terminated(0);
      const std::uint16_t ordinal = ordinals.u16(2 * i);
      if (!name || name->size() >= budget || ordinal >= functions) {
        ++unreadable;
        continue;
      }
      budget -= name->size() + 1;
      Symbol symbol{.name = *name, .state = State::Defined, .index = i + 1};
      const std::uint32_t target = addresses.u32(4 * std::uint64_t{ordinal});
      const bool forwarded = target >= address && target - address < size;
      if (!forwarded) place(base_ + target, symbol);
      symbols_.push_back(symbol);
    }
    if (unreadable != 0)
      faults.push_back(say("{} of {} names of the export table lie outside the file", unreadable, count));
  }

  void read_imports(std::uint32_t address, std::vector<std::string>& faults) {
    if (address == 0) return;
    const Fields table = at_address(address);
    for (std::uint64_t at = 0; table.has(at, 20) && table.u32(at + 12) != 0; at += 20) {
      const std::optional<std::string_view> name = at_address(table.u32(at + 12)).terminated(0);
      if (!name) {
        faults.push_back(say("import table names a library outside the file"));
        return;
      }
      needed_.push_back(*name);
    }
  }

  std::uint64_t base_ = 0;
};

template <class Made>
std::unique_ptr<Object> loaded(const Origin& origin, std::vector<std::string>& faults) {
  auto object = std::make_unique<Made>(origin);
  object->load(faults);
  return object;
}

}  // namespace

bool is_coff_object(std::string_view bytes) {
  const Fields fields(bytes);
  if (is_big(fields)) return fields.has(0, big_header_size);
  if (!fields.has(0, header_size)) return false;
  const CoffHeader header = object_header(fields);
  // Machine 0 is allowed, and so many bytes begin with two zeros that the tables must then say more.
  const bool known = !foreign_machine(Format::Coff, header.machine, false).arch.empty();
  return (known || header.machine == coff::IMAGE_FILE_MACHINE_UNKNOWN) && header.section_count < 0xff00 &&
         (known || header.section_count > 0 || header.symbol_count > 0) &&
         fields.has(header.sections_at, 40 * std::uint64_t{header.section_count}) &&
         fields.has(header.symbols_at, 18 * std::uint64_t{header.symbol_count});
}

bool is_coff_import(std::string_view bytes) {
  const Fields fields(bytes);
  return fields.has(0, header_size) && fields.u16(0) == 0 && fields.u16(2) == 0xffff && !is_big(fields);
}

bool is_pe(std::string_view bytes) {
  const Fields fields(bytes);
  return bytes.starts_with("MZ") && fields.range(fields.u32(0x3c), 4) == std::string_view("PE\0\0", 4);
}

std::unique_ptr<Object> open_coff(const Origin& origin, std::vector<std::string>& faults) {
  return loaded<CoffObject>(origin, faults);
}

std::unique_ptr<Object> open_coff_import(const Origin& origin, std::vector<std::string>& faults) {
  if (is_cl_gl(Fields(origin.bytes))) {
    faults.push_back(
        say("made by cl.exe with /GL (or /clr): code that only link.exe can finish, whose symbols are not "
            "written in a public format"));
    return nullptr;
  }
  return loaded<ImportObject>(origin, faults);
}

std::unique_ptr<Object> open_pe(const Origin& origin, std::vector<std::string>& faults) {
  return loaded<PeFile>(origin, faults);
}

}  // namespace linkdx::artifact
