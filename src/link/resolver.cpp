// See resolver.hpp.

#include "resolver.hpp"

#include <algorithm>
#include <utility>

#include "reserved.hpp"

namespace linkdx::link {

using artifact::Binding;
using artifact::State;
using artifact::Symbol;
using artifact::Visibility;

namespace {

bool is_hidden(const Symbol& symbol) {
  return symbol.visibility == Visibility::Hidden || symbol.visibility == Visibility::Internal;
}

/// The bytes of a definition, for telling equal ones; empty when they are not in the file.
std::string_view bytes_of(const artifact::Object& object, const Symbol& symbol) {
  const std::vector<artifact::Section> sections = object.sections();
  if (symbol.section == 0 || symbol.section >= sections.size()) return {};
  const std::span<const std::uint8_t> contents = sections[symbol.section].contents;
  const std::string_view bytes(reinterpret_cast<const char*>(contents.data()), contents.size());
  return symbol.value > bytes.size() ? std::string_view() : bytes.substr(symbol.value, symbol.size);
}

}  // namespace

Resolver::Slot& Resolver::slot(std::uint32_t name) {
  if (name >= slots_.size()) slots_.resize(name + 1);
  return slots_[name];
}

/// `f@VERSION` is a name of its own; the default version is also plain `f`.
std::uint32_t Resolver::name_of(const Symbol& symbol) {
  if (!wrapped_.empty() && symbol.state == State::Undefined) {
    const std::string_view name = meant(symbol.name);
    if (name != symbol.name) return names_.insert(name);
  }
  if (symbol.version.empty() || (symbol.default_version && symbol.state != State::Undefined))
    return names_.insert(symbol.name);
  return names_.insert_owned(std::string(symbol.name) + "@" + std::string(symbol.version));
}

std::string_view Resolver::meant(std::string_view name) const {
  constexpr std::string_view real = "__real_";
  if (name.starts_with(real) && wrapped_.contains(name.substr(real.size()))) return name.substr(real.size());
  if (!wrapped_.contains(name)) return name;
  std::string& wrapper = wrapped_names_[std::string(name)];
  if (wrapper.empty()) wrapper = "__wrap_" + std::string(name);
  return wrapper;
}

std::optional<Resolver::Definition> Resolver::definition(std::string_view name) const {
  const std::uint32_t id = names_.find(name);
  if (id >= slots_.size() || !slots_[id].definer) return std::nullopt;
  return Definition{slots_[id].definer, slots_[id].definition.section};
}

bool Resolver::is_discarded(const artifact::Object& object, std::uint32_t section) const {
  const auto found = discarded_.find(&object);
  return found != discarded_.end() && section < found->second.size() && found->second[section];
}

void Resolver::require(const std::string& name) {
  Slot& wanted = slot(names_.insert_owned(name));
  wanted.wanted = wanted.wanted_by_object = true;
  if (wanted.lazy && wanted.rank == Rank::Undefined) pending_.push_back(wanted.lazy);
  drain();
}

void Resolver::define(const std::string& name) {
  slot(names_.insert_owned(name)).rank = Rank::Strong;
}

/// Of the sections of a COMDAT group, a linker keeps those of the first object that has it.
const std::vector<bool>& Resolver::discarded_sections(const artifact::Object& object) {
  static const std::vector<bool> nothing;
  std::vector<bool> discarded;
  for (const artifact::Comdat& group : object.comdats()) {
    bool& kept = slot(names_.insert(group.signature)).comdat_kept;
    if (!std::exchange(kept, true)) continue;
    for (const std::uint32_t section : group.sections) {
      if (section >= discarded.size()) discarded.resize(section + 1);
      discarded[section] = true;
    }
  }
  return discarded.empty() ? nothing : discarded_.emplace(&object, std::move(discarded)).first->second;
}

void Resolver::keep_first_copies(const std::vector<const artifact::Object*>& in_order) {
  for (Slot& each : slots_) each.comdat_kept = false;
  discarded_.clear();
  for (const artifact::Object* object : in_order)
    if (taken_.contains(object)) discarded_sections(*object);
  // A copy read first may stand later: its names are those of the copy that is kept now.
  for (const artifact::Object* object : in_order) {
    if (!taken_.contains(object)) continue;
    object->visit_symbols([&](const Symbol& symbol) {
      if (symbol.section == 0 || symbol.state != State::Defined || is_discarded(*object, symbol.section))
        return;
      Slot& place = slot(name_of(symbol));
      if (place.definer != nullptr && place.definer != object &&
          is_discarded(*place.definer, place.definition.section)) {
        place.definer = object;
        place.definition = symbol;
      }
    });
  }
}

void Resolver::add_object(const artifact::Object& object) {
  if (!taken_.insert(&object).second) return;
  // LTO objects say their machine only after they are compiled.
  if (machine_ && object.machine().elf_machine != 0 &&
      artifact::why_incompatible(*machine_, object.machine())) {
    foreign_.push_back(&object);
    return;
  }
  linked_.push_back(&object);
  const std::vector<bool>& discarded = discarded_sections(object);
  object.visit_symbols([&](const Symbol& symbol) { add_symbol(object, symbol, discarded); });
  drain();
}

void Resolver::add_symbol(const artifact::Object& object, const Symbol& symbol,
                          const std::vector<bool>& discarded) {
  const std::uint32_t name = name_of(symbol);
  const bool gone = symbol.section != 0 && symbol.section < discarded.size() && discarded[symbol.section];
  if (symbol.state == State::Undefined) return refer(name, object, symbol, false);
  if (gone) {
    slot(name);  // the copy that was kept defines it
    return;
  }
  define_regular(name, object, symbol);
  if (!symbol.version.empty() && symbol.default_version)
    define_regular(names_.insert_owned(std::string(symbol.name) + "@" + std::string(symbol.version)), object,
                   symbol);
}

void Resolver::refer(std::uint32_t name, const artifact::Object& object, const Symbol& symbol,
                     bool from_library) {
  Slot& place = slot(name);
  references_.push_back({&object, symbol.index, place.references});
  place.references = static_cast<std::uint32_t>(references_.size() - 1);
  place.hidden |= is_hidden(symbol) && !from_library;
  if (symbol.binding == Binding::Weak) return;
  place.wanted = true;
  place.wanted_by_object |= !from_library;
  if (place.rank == Rank::Undefined && place.lazy) pending_.push_back(place.lazy);
}

void Resolver::define_regular(std::uint32_t name, const artifact::Object& object, const Symbol& symbol) {
  Slot& place = slot(name);
  const Rank rank = symbol.state == State::Common     ? Rank::Common
                    : symbol.binding == Binding::Weak ? Rank::Weak
                                                      : Rank::Strong;
  if (rank == Rank::Strong && place.rank == Rank::Strong && place.definer) {
    const bool unique = symbol.binding == Binding::Unique && place.definition.binding == Binding::Unique;
    const bool same_value = symbol.state == State::Absolute && place.definition.state == State::Absolute &&
                            symbol.value == place.definition.value;
    if (unique || same_value || place.definer == &object) return;
    auto& definitions = duplicates_[name];
    if (definitions.empty()) definitions.emplace_back(place.definer, place.definition);
    definitions.emplace_back(&object, symbol);
    return;
  }
  // A common symbol gives way to a strong definition and not to a weak one.
  const bool stronger = rank == Rank::Weak ? place.rank < Rank::Common : rank > place.rank;
  if (!stronger) return;
  place.rank = rank;
  place.definer = &object;
  place.definition = symbol;
}

bool Resolver::is_defined(std::string_view name) const {
  const std::uint32_t id = names_.find(name);
  return id < slots_.size() && slots_[id].rank >= Rank::Shared;
}

bool Resolver::wants(const artifact::Object& library) const {
  bool wanted = false;
  library.visit_symbols([&](const Symbol& symbol) {
    if (wanted || symbol.state == State::Undefined) return;
    const std::uint32_t name = names_.find(symbol.name);
    wanted |= name < slots_.size() && slots_[name].rank == Rank::Undefined && slots_[name].wanted_by_object;
  });
  return wanted;
}

void Resolver::define_shared(const artifact::Object& library, const Symbol& symbol, Rank rank) {
  if (is_hidden(symbol)) return;
  const auto take = [&](std::uint32_t name) {
    Slot& place = slot(name);
    if (place.rank >= rank) return;
    place.rank = rank;
    place.definer = &library;
    place.definition = symbol;
  };
  if (symbol.version.empty() || symbol.default_version) take(names_.insert(symbol.name));
  if (!symbol.version.empty())
    take(names_.insert_owned(std::string(symbol.name) + "@" + std::string(symbol.version)));
}

bool Resolver::add_shared(const artifact::Object& library, bool as_needed) {
  if (taken_.contains(&library)) return true;
  // lld and mold decide at the end; then the library was wanted by whatever came after it too.
  if (as_needed && !remember_archives_ && !wants(library)) return false;
  taken_.insert(&library);
  linked_.push_back(&library);
  library.visit_symbols([&](const Symbol& symbol) {
    if (symbol.state == State::Undefined)
      refer(name_of(symbol), library, symbol, true);
    else
      define_shared(library, symbol, Rank::Shared);
  });
  drain();
  return true;
}

void Resolver::add_indirect(const artifact::Object& library) {
  library.visit_symbols([&](const Symbol& symbol) {
    if (symbol.state != State::Undefined) define_shared(library, symbol, Rank::Indirect);
  });
}

void Resolver::add_lazy_object(const artifact::Object& object) {
  // Of a universal archive only the members of one slice are offered.
  if (machine_ && machine_->format == artifact::Format::MachO &&
      artifact::why_incompatible(*machine_, object.machine()))
    return;
  object.visit_symbols([&](const Symbol& symbol) {
    if (symbol.state == State::Undefined) return;
    Slot& place = slot(name_of(symbol));
    if (place.rank == Rank::Undefined && place.wanted) pending_.push_back(&object);
    if (!place.lazy) place.lazy = &object;
  });
  drain();
}

bool Resolver::add_archive(const artifact::File& archive) {
  const std::size_t before = linked_.size();
  if (remember_archives_) {
    for (const std::unique_ptr<artifact::Object>& member : archive.objects()) add_lazy_object(*member);
    return linked_.size() != before;
  }
  // One member may ask for another one before it: until nothing is extracted any more.
  // The order of the archive's index, which is that of its members: it decides which COMDAT copy comes first.
  std::vector<std::pair<std::uint32_t, const artifact::Object*>> offered;
  for (const std::unique_ptr<artifact::Object>& member : archive.objects())
    member->visit_symbols([&](const Symbol& symbol) {
      if (symbol.state != State::Undefined) offered.emplace_back(name_of(symbol), member.get());
    });
  for (std::size_t size = linked_.size() + 1; size != linked_.size();) {
    size = linked_.size();
    for (const auto& [name, member] : offered) {
      const Slot& place = slot(name);
      if (place.rank == Rank::Undefined && place.wanted && !taken_.contains(member)) add_object(*member);
    }
  }
  return linked_.size() != before;
}

void Resolver::drain() {
  while (!pending_.empty()) {
    std::vector<const artifact::Object*> members;
    members.swap(pending_);
    for (const artifact::Object* member : members) add_object(*member);
  }
}

std::vector<Resolver::Missing> Resolver::missing() const {
  std::vector<Missing> result;
  for (std::uint32_t name = 0; name < slots_.size(); ++name) {
    const Slot& place = slots_[name];
    if (!place.wanted) continue;
    const bool unresolved =
        place.rank == Rank::Undefined || (place.rank == Rank::Indirect && place.wanted_by_object);
    // A hidden reference cannot be met from another module.
    const bool outside = place.hidden && (place.rank == Rank::Shared || place.rank == Rank::Indirect);
    if ((!unresolved && !outside) || is_reserved(names_[name])) continue;
    Missing missing{.name = std::string(names_[name]),
                    .references = {},
                    .from_library = !place.wanted_by_object,
                    .hidden = place.hidden};
    for (std::uint32_t at = place.references; at != NameTable::none; at = references_[at].next)
      missing.references.emplace_back(references_[at].object, references_[at].index);
    std::reverse(missing.references.begin(), missing.references.end());
    result.push_back(std::move(missing));
  }
  return result;
}

std::vector<Duplicate> Resolver::duplicates() const {
  std::vector<Duplicate> result;
  for (const auto& [name, definitions] : duplicates_) {
    Duplicate duplicate{
        .name = std::string(names_[name]), .definitions = {}, .objects = {}, .identical = true};
    const std::string_view first = bytes_of(*definitions.front().first, definitions.front().second);
    for (const auto& [object, symbol] : definitions) {
      duplicate.definitions.push_back(object->label());
      duplicate.objects.push_back(object);
      duplicate.identical &= !first.empty() && bytes_of(*object, symbol) == first;
    }
    result.push_back(std::move(duplicate));
  }
  return result;
}

}  // namespace linkdx::link
