// Sections that --gc-sections keeps.
//
// With -ffunction-sections every function is a section, and a linker under --gc-sections throws away those
// that nothing reaches. It reports an undefined symbol only where a section that it keeps refers to it, so a
// replay has to know which those are. The linker marks from the roots (entry point, exported symbols,
// constructors, notes, sections marked to be retained) along the relocations; what is not marked is
// discarded.
//
// Where linkers differ, the larger set is taken: every exported symbol of a library although a version script
// may hide it, every object's exception tables.
//
// Sources: lld/ELF/MarkLive.cpp; bfd/elflink.c (bfd_elf_gc_sections, _bfd_elf_gc_mark_extra_sections) and
// ld's default script (KEEP); gc-sections.cc of mold; the gABI on SHF_LINK_ORDER; binutils' SHF_GNU_RETAIN.
#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "linkdx/link.hpp"
#include "resolver.hpp"

namespace linkdx::link {

class KeptSections {
 public:
  KeptSections(const Plan& plan, const Resolver& resolver);
  /// True for every section when no root was found: then the linker would not collect, or say so itself.
  bool keeps(const artifact::Object& object, std::uint32_t section) const;

 private:
  /// What is kept of a relocation: very many are held at once.
  struct Edge {
    std::uint32_t section = 0, symbol = 0, target_section = 0;
    bool local = false;
  };
  struct Contents {
    std::vector<artifact::Section> sections;
    std::vector<Edge> edges;  ///< by section
    std::vector<bool> kept;
    std::map<std::uint32_t, std::string_view> names;  ///< of symbols that take part in linking, by index
    std::multimap<std::uint32_t, std::uint32_t> dependents;  ///< section to those that are kept with it
  };
  using Place = std::pair<const artifact::Object*, std::uint32_t>;

  void read(const artifact::Object& object);
  void add_roots(const Plan& plan);
  void add_special_sections(const artifact::Object& object, const Contents& contents);
  void keep(const artifact::Object* object, std::uint32_t section);
  void keep_symbol(std::string_view name);
  void keep_named(std::string_view section_name);
  void follow(const artifact::Object& object, const Contents& contents, std::uint32_t section);
  void run();

  const Resolver& resolver_;
  BoundedSections bounded_;
  std::map<const artifact::Object*, Contents> objects_;
  std::multimap<std::string_view, Place> named_;  ///< sections that __start_NAME and __stop_NAME keep
  std::vector<Place> queue_;
  bool rooted_ = false;
};

}  // namespace linkdx::link
