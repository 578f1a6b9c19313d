// Symbol resolution: the state of a link between two inputs.
//
// Every name has one slot: undefined, lazy (an archive member would define it), shared, common, weak or
// strong. Adding an object moves slots up that list and may ask for members of archives. How archives answer
// is where linkers differ: GNU ld and gold search an archive once, at its place, for what is undefined then,
// again and again within a group; lld and mold remember every member seen so far.
//
// Sources: bfd/linker.c of binutils (the table link_action and _bfd_generic_link_add_archive_symbols),
// lld/ELF/Symbols.cpp (Symbol::resolve) and InputFiles.cpp (COMDAT groups), the gABI on weak and common
// symbols.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/link.hpp"
#include "name_table.hpp"

namespace linkdx::link {

class Resolver {
 public:
  /// `remember_archives`: lld's and mold's way.
  explicit Resolver(bool remember_archives) : remember_archives_(remember_archives) {}

  /// Members for another machine are passed over, and kept for foreign().
  /// Archives serve earlier references too, as they do for all linkers but GNU ld and gold.
  void remember_archives() { remember_archives_ = true; }
  void set_machine(const artifact::Machine& machine) { machine_ = machine; }
  void wrap(const std::string& name) { wrapped_.insert(name); }  ///< --wrap; before the first input
  void require(const std::string& name);                         ///< -u: undefined, and extracts
  void define(const std::string& name);                          ///< --defsym
  void add_object(const artifact::Object& object);
  /// With as_needed, only when it defines something wanted now; returns whether it was taken.
  bool add_shared(const artifact::Object& library, bool as_needed);
  /// Definitions of libraries that only other libraries need.
  void add_indirect(const artifact::Object& library);
  /// An object between --start-lib and --end-lib.
  void add_lazy_object(const artifact::Object& object);
  /// Returns whether members were extracted.
  bool add_archive(const artifact::File& archive);

  /// What is still missing. `from_library`: only shared libraries refer to it.
  struct Missing {
    std::string name;
    std::vector<std::pair<const artifact::Object*, std::uint32_t>> references;
    bool from_library = false;
    bool hidden = false;
  };
  std::vector<Missing> missing() const;
  std::vector<Duplicate> duplicates() const;
  /// The object and section that the link takes a name from; the section is 0 when it is none.
  struct Definition {
    const artifact::Object* object = nullptr;
    std::uint32_t section = 0;
  };
  std::optional<Definition> definition(std::string_view name) const;
  /// Whether the section belongs to a COMDAT group of which another object's copy was kept.
  bool is_discarded(const artifact::Object& object, std::uint32_t section) const;
  bool is_defined(std::string_view name) const;
  /// Chooses the kept COMDAT copies anew, by the order of these objects: mold's way.
  void keep_first_copies(const std::vector<const artifact::Object*>& in_order);
  /// The name that a reference means, under --wrap.
  std::string_view meant(std::string_view name) const;
  const std::vector<const artifact::Object*>& foreign() const { return foreign_; }
  const std::vector<const artifact::Object*>& linked() const { return linked_; }
  bool is_linked(const artifact::Object& object) const { return taken_.contains(&object); }

 private:
  enum class Rank : std::uint8_t { Undefined, Indirect, Shared, Common, Weak, Strong };
  struct Slot {
    Rank rank = Rank::Undefined;
    bool wanted = false;  ///< a strong reference stands
    bool wanted_by_object = false;
    bool hidden = false;
    bool comdat_kept = false;  ///< a COMDAT group of this signature was kept
    const artifact::Object* definer = nullptr;
    artifact::Symbol definition;
    const artifact::Object* lazy = nullptr;
    std::uint32_t references = NameTable::none;  ///< first of a chain
  };
  struct Reference {
    const artifact::Object* object;
    std::uint32_t index;
    std::uint32_t next;
  };

  Slot& slot(std::uint32_t name);
  std::uint32_t name_of(const artifact::Symbol& symbol);
  void add_symbol(const artifact::Object& object, const artifact::Symbol& symbol,
                  const std::vector<bool>& discarded);
  void refer(std::uint32_t name, const artifact::Object& object, const artifact::Symbol& symbol,
             bool from_library);
  void define_regular(std::uint32_t name, const artifact::Object& object, const artifact::Symbol& symbol);
  void define_shared(const artifact::Object& library, const artifact::Symbol& symbol, Rank rank);
  const std::vector<bool>& discarded_sections(const artifact::Object& object);
  bool wants(const artifact::Object& library) const;
  void drain();

  bool remember_archives_;
  NameTable names_;
  std::vector<Slot> slots_;
  std::vector<Reference> references_;
  std::map<const artifact::Object*, std::vector<bool>> discarded_;  ///< of objects that lost a group
  std::set<std::string, std::less<>> wrapped_;
  mutable std::map<std::string, std::string, std::less<>> wrapped_names_;  ///< `f` to `__wrap_f`
  std::vector<const artifact::Object*> linked_;
  std::set<const artifact::Object*> taken_;
  std::optional<artifact::Machine> machine_;
  std::vector<const artifact::Object*> foreign_;
  std::vector<const artifact::Object*> pending_;  ///< members to extract
  std::map<std::uint32_t, std::vector<std::pair<const artifact::Object*, artifact::Symbol>>> duplicates_;
};

}  // namespace linkdx::link
