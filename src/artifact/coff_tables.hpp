// The tables that COFF objects and PE images share: sections, symbols and their names. See coff.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fields.hpp"
#include "table_object.hpp"

namespace linkdx::artifact {

/// Where the tables of a file are, from its header.
struct CoffHeader {
  std::uint32_t machine = 0;
  std::uint32_t section_count = 0;
  std::uint64_t sections_at = 0;
  std::uint64_t symbols_at = 0;
  std::uint32_t symbol_count = 0;
  bool big = false;  ///< `/bigobj`: symbols of 20 bytes instead of 18
  std::uint64_t image_base = 0;
  bool image = false;
};

class CoffTables : public TableObject {
 public:
  explicit CoffTables(const Origin& origin) : TableObject(origin), fields_(origin.bytes) {}
  void visit_relocations(llvm::function_ref<void(const Relocation&)> visit) const override;

 protected:
  void load_tables(const CoffHeader& header, std::vector<std::string>& faults);
  Fields fields_;

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
  /// One entry of the symbol table, without its auxiliary entries.
  struct Entry {
    std::uint64_t at = 0;
    std::uint32_t value = 0;
    std::int32_t section = 0;
    std::uint16_t type = 0;
    std::uint8_t storage = 0;
    std::uint8_t auxiliary = 0;
  };
  struct PendingWeak {
    Symbol symbol;
    std::uint32_t stand_in = 0;  ///< index of the symbol that is taken when nothing else defines it
  };

  void read_section(std::uint64_t at, const CoffHeader& header, std::vector<std::string>& faults);
  void read_relocation_table(std::uint64_t at, std::uint32_t characteristics, std::string_view name,
                             std::vector<std::string>& faults);
  std::string_view section_name(std::uint64_t at);
  std::optional<std::string_view> symbol_name(std::uint64_t at);
  Entry entry_at(std::uint32_t index) const;
  void read_symbols(const CoffHeader& header, std::vector<std::string>& faults);
  void read_symbol(std::uint32_t index, const Entry& entry, std::string_view name);
  void read_section_definition(const Entry& entry);
  void name_comdat(std::int32_t section, std::string_view name);
  void finish_weak();
  void finish_comdats();
  void read_special_sections();

  std::uint64_t symbols_at_ = 0;
  std::uint32_t symbol_count_ = 0;
  std::uint64_t entry_size_ = 18;
  std::optional<NameTableReader> names_;
  std::vector<RelocationTable> relocations_{{}};
  std::vector<Place> places_;
  std::vector<PendingWeak> weak_;
  /// Of each section: how its COMDAT is chosen (0: it is in none), its name, the section that an associative
  /// one follows.
  struct Selection {
    std::uint8_t how = 0;
    std::uint32_t follows = 0;
    std::string_view name{};
  };
  std::vector<Selection> selections_{{}};
};

}  // namespace linkdx::artifact
