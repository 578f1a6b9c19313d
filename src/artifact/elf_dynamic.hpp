// What an ELF file tells the loader about its symbols: the library's own name, the libraries it needs, and
// versions.
//
// SHT_DYNAMIC is a list of numbers by kind; DT_SONAME and DT_NEEDED are offsets of names. SHT_GNU_versym
// holds one number a symbol, to which SHT_GNU_verdef (offered) and SHT_GNU_verneed (wanted) give names. The
// string table of each is the section in its sh_link. Sources: System V gABI chapter 5, "Dynamic Section";
// the LSB, "Symbol Versioning".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <llvm/Object/ELF.h>

#include "elf_versions.hpp"
#include "linkdx/artifact.hpp"
#include "linkdx/language.hpp"

namespace linkdx::artifact {

/// The string at an offset of a string table, or nothing when it lies outside or has no end.
inline std::optional<std::string_view> string_at(std::string_view table, std::uint64_t offset) {
  if (offset >= table.size()) return std::nullopt;
  const std::size_t end = table.find('\0', offset);
  if (end == std::string_view::npos) return std::nullopt;
  return table.substr(offset, end - offset);
}

/// The section headers of a file, with the bytes that they speak of.
template <class ELFT>
struct ElfSections {
  using Shdr = typename ELFT::Shdr;

  std::string_view bytes;  ///< of the whole file
  llvm::ArrayRef<Shdr> headers;
  std::string_view names;  ///< the string table of their names

  std::optional<std::string_view> name(const Shdr& header) const { return string_at(names, header.sh_name); }

  /// Empty where the file ends before.
  std::string_view contents(const Shdr& header) const {
    if (header.sh_type == llvm::ELF::SHT_NOBITS) return {};
    if (header.sh_offset > bytes.size() || header.sh_size > bytes.size() - header.sh_offset) return {};
    return bytes.substr(header.sh_offset, header.sh_size);
  }

  /// The string table that a section of numbers refers to.
  std::string_view linked_strings(const Shdr& header) const {
    return header.sh_link < headers.size() ? contents(headers[header.sh_link]) : std::string_view();
  }
};

template <class ELFT>
llvm::ArrayRef<typename ELFT::Dyn> dynamic_entries(const llvm::object::ELFFile<ELFT>& file,
                                                   const typename ELFT::Shdr& header) {
  llvm::Expected<llvm::ArrayRef<typename ELFT::Dyn>> entries =
      file.template getSectionContentsAsArray<typename ELFT::Dyn>(header);
  if (entries) return *entries;
  llvm::consumeError(entries.takeError());
  return {};
}

template <class ELFT>
class ElfDynamic {
 public:
  std::string_view soname;
  std::vector<std::string_view> needed;

  void load(const llvm::object::ELFFile<ELFT>& file, const ElfSections<ELFT>& sections,
            std::vector<std::string>& faults) {
    for (const auto& header : sections.headers) {
      const std::string_view strings = sections.linked_strings(header);
      if (header.sh_type == llvm::ELF::SHT_DYNAMIC)
        read_entries(dynamic_entries(file, header), strings, faults);
      if (header.sh_type == llvm::ELF::SHT_GNU_versym) {
        llvm::Expected<llvm::ArrayRef<typename ELFT::Versym>> numbers =
            file.template getSectionContentsAsArray<typename ELFT::Versym>(header);
        if (numbers)
          numbers_ = *numbers;
        else
          faults.push_back(llvm::toString(numbers.takeError()));
      }
      if (header.sh_type == llvm::ELF::SHT_GNU_verdef)
        read_offered(sections.contents(header), header.sh_info, strings, faults);
      if (header.sh_type == llvm::ELF::SHT_GNU_verneed)
        read_wanted(sections.contents(header), header.sh_info, strings, faults);
    }
  }

  /// Gives entry `index` of the dynamic symbol table its version. False for a definition that a version
  /// script hides.
  bool add_version(std::uint32_t index, Symbol& symbol) const {
    if (index >= numbers_.size()) return true;
    const std::uint32_t raw = numbers_[index].vs_index;
    const std::uint32_t number = raw & llvm::ELF::VERSYM_VERSION;
    const bool defined = symbol.state != State::Undefined;
    if (number == llvm::ELF::VER_NDX_LOCAL) return !defined;
    if (number != llvm::ELF::VER_NDX_GLOBAL && number < names_.size()) {
      symbol.version = names_[number];
      symbol.default_version = defined && (raw & llvm::ELF::VERSYM_HIDDEN) == 0;
    }
    return true;
  }

 private:
  void read_entries(llvm::ArrayRef<typename ELFT::Dyn> entries, std::string_view strings,
                    std::vector<std::string>& faults) {
    for (const auto& entry : entries) {
      if (entry.getTag() == llvm::ELF::DT_NULL) return;
      if (entry.getTag() != llvm::ELF::DT_NEEDED && entry.getTag() != llvm::ELF::DT_SONAME) continue;
      const std::optional<std::string_view> text = string_at(strings, entry.getVal());
      if (!text)
        faults.push_back(say("dynamic section names a string outside its string table"));
      else if (entry.getTag() == llvm::ELF::DT_SONAME)
        soname = *text;
      else
        needed.push_back(*text);
    }
  }

  void read_offered(std::string_view table, std::uint32_t count, std::string_view strings,
                    std::vector<std::string>& faults) {
    using Verdef = typename ELFT::Verdef;
    walk_versions<Verdef>(
        table, count, faults, [&](const Verdef& definition, std::uint64_t at, std::string_view bytes) {
          const auto* name = version_record<typename ELFT::Verdaux>(bytes, at + definition.vd_aux);
          if (name) name_version(definition.vd_ndx, string_at(strings, name->vda_name));
          return name != nullptr;
        });
  }

  void read_wanted(std::string_view table, std::uint32_t count, std::string_view strings,
                   std::vector<std::string>& faults) {
    using Verneed = typename ELFT::Verneed;
    using Vernaux = typename ELFT::Vernaux;
    std::uint64_t budget = table.size() / sizeof(Vernaux);  // entries may claim to overlap
    walk_versions<Verneed>(table, count, faults,
                           [&](const Verneed& need, std::uint64_t at, std::string_view bytes) {
                             std::uint64_t where = at + need.vn_aux;
                             for (unsigned i = 0; i < need.vn_cnt; ++i) {
                               const auto* name = version_record<Vernaux>(bytes, where);
                               if (!name || budget-- == 0) return false;
                               name_version(name->vna_other, string_at(strings, name->vna_name));
                               if (name->vna_next == 0) break;
                               where += name->vna_next;
                             }
                             return true;
                           });
  }

  void name_version(std::uint32_t number, std::optional<std::string_view> name) {
    number &= llvm::ELF::VERSYM_VERSION;
    if (!name) return;
    if (names_.size() <= number) names_.resize(number + 1);
    names_[number] = *name;
  }

  llvm::ArrayRef<typename ELFT::Versym> numbers_;  ///< by symbol
  std::vector<std::string_view> names_;            ///< by number
};

}  // namespace linkdx::artifact
