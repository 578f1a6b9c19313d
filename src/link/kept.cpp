// See kept.hpp.

#include "kept.hpp"

#include <algorithm>
#include <array>

#include <llvm/BinaryFormat/ELF.h>

#include "reserved.hpp"

namespace linkdx::link {

namespace elf = llvm::ELF;

namespace {

/// A section whose beginning and end a program can name: `__start_NAME`.
bool is_c_identifier(std::string_view name) {
  const auto letter = [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || digit(c); });
}

bool is_exported(const artifact::Symbol& symbol) {
  return symbol.state != artifact::State::Undefined && (symbol.visibility == artifact::Visibility::Default ||
                                                        symbol.visibility == artifact::Visibility::Protected);
}

}  // namespace

KeptSections::KeptSections(const Plan& plan, const Resolver& resolver)
    : resolver_(resolver), bounded_(plan.bounded_sections) {
  for (const artifact::Object* object : resolver.linked())
    if (object->kind() == artifact::Kind::ElfRelocatable) read(*object);
  add_roots(plan);
  rooted_ = !queue_.empty() || !plan.entry.empty();
  for (const auto& [object, contents] : objects_) add_special_sections(*object, contents);
  run();
}

bool KeptSections::keeps(const artifact::Object& object, std::uint32_t section) const {
  const auto found = objects_.find(&object);
  return !rooted_ || found == objects_.end() ||
         (section < found->second.kept.size() && found->second.kept[section]);
}

void KeptSections::read(const artifact::Object& object) {
  Contents& contents = objects_[&object];
  contents.sections = object.sections();
  contents.kept.resize(contents.sections.size());
  object.visit_relocations([&](const artifact::Relocation& relocation) {
    contents.edges.push_back(
        {relocation.section, relocation.symbol, relocation.target_section, relocation.local});
  });
  std::stable_sort(contents.edges.begin(), contents.edges.end(),
                   [](const Edge& a, const Edge& b) { return a.section < b.section; });
  object.visit_symbols(
      [&](const artifact::Symbol& symbol) { contents.names.emplace(symbol.index, symbol.name); });
  for (std::uint32_t i = 1; i < contents.sections.size(); ++i) {
    const artifact::Section& section = contents.sections[i];
    if ((section.flags & elf::SHF_LINK_ORDER) != 0) contents.dependents.emplace(section.link, i);
    if (is_c_identifier(section.name)) named_.emplace(section.name, Place{&object, i});
  }
  // Members of a group live and die together: a ring.
  for (const artifact::Comdat& group : object.comdats())
    for (std::size_t i = 0; i < group.sections.size(); ++i)
      contents.dependents.emplace(group.sections[i], group.sections[(i + 1) % group.sections.size()]);
}

void KeptSections::add_roots(const Plan& plan) {
  // The names that start a program or library unless -e says otherwise: most machines, and MIPS. `main`
  // stands in for start files that are not at hand.
  constexpr std::array<std::string_view, 5> starts = {"_start", "__start", "main", "_init", "_fini"};
  if (!plan.entry.empty()) keep_symbol(plan.entry);
  for (const std::string_view name : starts)
    if (plan.entry.empty() || name.starts_with("_i") || name.starts_with("_f")) keep_symbol(name);
  for (const std::vector<std::string>* names : {&plan.undefined, &plan.required})
    for (const std::string& name : *names) keep_symbol(name);
  const bool all_exported = plan.output == Output::Shared || plan.export_dynamic;
  for (const artifact::Object* object : resolver_.linked()) {
    if (object->kind() == artifact::Kind::ElfRelocatable && all_exported)
      object->visit_symbols([&](const artifact::Symbol& symbol) {
        if (is_exported(symbol)) keep(object, symbol.section);
      });
    // A library may call back into the program; code that is still to be generated may refer to anything.
    if (object->kind() != artifact::Kind::ElfRelocatable)
      object->visit_symbols([&](const artifact::Symbol& symbol) {
        if (symbol.state == artifact::State::Undefined) keep_symbol(symbol.name);
      });
  }
}

/// Sections that the linker keeps although nothing refers to them.
void KeptSections::add_special_sections(const artifact::Object& object, const Contents& contents) {
  constexpr std::array<std::string_view, 8> kept_names = {
      ".init", ".fini", ".preinit_array", ".init_array", ".fini_array", ".ctors", ".dtors", ".jcr"};
  constexpr std::uint64_t retain = 1U << 21;  // SHF_GNU_RETAIN
  for (std::uint32_t i = 1; i < contents.sections.size(); ++i) {
    const artifact::Section& section = contents.sections[i];
    if ((section.flags & elf::SHF_ALLOC) == 0) continue;
    const bool by_type = section.type == elf::SHT_INIT_ARRAY || section.type == elf::SHT_FINI_ARRAY ||
                         section.type == elf::SHT_PREINIT_ARRAY || section.type == elf::SHT_NOTE;
    const bool by_name = std::any_of(kept_names.begin(), kept_names.end(), [&](std::string_view name) {
      return section.name == name || (section.name.starts_with(name) && section.name[name.size()] == '.');
    });
    const bool bounded = bounded_ == BoundedSections::All && is_c_identifier(section.name);
    if (by_type || by_name || bounded || (section.flags & retain) != 0 || section.name == ".eh_frame")
      keep(&object, i);
  }
}

void KeptSections::keep(const artifact::Object* object, std::uint32_t section) {
  const auto found = objects_.find(object);
  if (found == objects_.end() || section == 0 || section >= found->second.kept.size() ||
      found->second.kept[section])
    return;
  if (resolver_.is_discarded(*object, section)) return;
  found->second.kept[section] = true;
  queue_.emplace_back(object, section);
}

void KeptSections::keep_symbol(std::string_view name) {
  if (const std::string_view section = bounded_section(name);
      !section.empty() && bounded_ != BoundedSections::None)
    keep_named(section);
  if (const std::optional<Resolver::Definition> definition = resolver_.definition(resolver_.meant(name)))
    keep(definition->object, definition->section);
}

void KeptSections::keep_named(std::string_view section_name) {
  const auto [first, last] = named_.equal_range(section_name);
  for (auto at = first; at != last; ++at) keep(at->second.first, at->second.second);
}

void KeptSections::follow(const artifact::Object& object, const Contents& contents, std::uint32_t section) {
  const auto [depends, end] = contents.dependents.equal_range(section);
  for (auto at = depends; at != end; ++at) keep(&object, at->second);
  const auto [first, last] =
      std::equal_range(contents.edges.begin(), contents.edges.end(), Edge{.section = section},
                       [](const Edge& a, const Edge& b) { return a.section < b.section; });
  // Unwind information names every function; it keeps what they need to unwind, not the functions.
  const bool unwind = contents.sections[section].name == ".eh_frame";
  for (auto at = first; at != last; ++at) {
    const bool code = at->target_section < contents.sections.size() &&
                      (contents.sections[at->target_section].flags & elf::SHF_EXECINSTR) != 0;
    if (unwind && code) continue;
    keep(&object, at->target_section);
    const auto name = at->local ? contents.names.end() : contents.names.find(at->symbol);
    if (name != contents.names.end()) keep_symbol(name->second);
  }
}

void KeptSections::run() {
  while (!queue_.empty()) {
    const auto [object, section] = queue_.back();
    queue_.pop_back();
    follow(*object, objects_.at(object), section);
  }
}

}  // namespace linkdx::link
