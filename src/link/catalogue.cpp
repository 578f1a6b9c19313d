// See catalogue.hpp.

#include "catalogue.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mangling.hpp"

namespace linkdx::link {

using artifact::Binding;
using artifact::State;
using artifact::Visibility;

namespace {

bool is_hidden(const Mention& mention) {
  return mention.visibility == Visibility::Hidden || mention.visibility == Visibility::Internal;
}

/// A shared library is a module of its own, and hidden symbols stay inside their module.
bool is_linked_file(const artifact::Object& object) {
  return object.kind() == artifact::Kind::ElfShared || object.kind() == artifact::Kind::ElfExecutable;
}

/// Whether two names could be of one family at all: what they do not share is no longer than the names of a few CPU
/// features. Keeps the costly test from most of the names.
bool could_be_siblings(std::string_view a, std::string_view b) {
  constexpr std::size_t longest_mark = 24;
  const std::size_t shorter = std::min(a.size(), b.size()), longer = std::max(a.size(), b.size());
  if (longer - shorter > longest_mark) return false;
  std::size_t prefix = 0;
  while (prefix < shorter && a[prefix] == b[prefix]) ++prefix;
  std::size_t suffix = 0;
  while (suffix < shorter - prefix && a[a.size() - 1 - suffix] == b[b.size() - 1 - suffix]) ++suffix;
  return prefix + suffix > 0 && longer - prefix - suffix <= longest_mark;
}

constexpr std::size_t most_similar = 16;

Nearest make_nearest(Nearest::Why why, std::string_view name, const artifact::Object& object, std::string detail) {
  return {.why = why,
          .name = std::string(name),
          .demangled = demangle(name),
          .where = object.label(),
          .object = &object,
          .detail = std::move(detail)};
}

}  // namespace

void Catalogue::add(const artifact::File& file) {
  if (!files_.insert(&file).second) return;
  for (const std::unique_ptr<artifact::Object>& object : file.objects()) {
    objects_.push_back(object.get());
    object->visit_symbols([&](const artifact::Symbol& symbol) {
      const std::uint32_t name = names_.insert(symbol.name);
      if (name == definitions_.size()) {
        definitions_.push_back(NameTable::none);
        references_.push_back(NameTable::none);
      }
      std::uint32_t& head = (symbol.state == State::Undefined ? references_ : definitions_)[name];
      mentions_.push_back({.object = object.get(),
                           .index = symbol.index,
                           .next = head,
                           .binding = symbol.binding,
                           .visibility = symbol.visibility,
                           .state = symbol.state,
                           .default_version = symbol.default_version,
                           .version = symbol.version});
      head = static_cast<std::uint32_t>(mentions_.size() - 1);
    });
  }
}

std::vector<const Mention*> Catalogue::chain(const std::vector<std::uint32_t>& heads, std::string_view name) const {
  std::vector<const Mention*> result;
  const std::uint32_t id = names_.find(name);
  if (id == NameTable::none) return result;
  for (std::uint32_t at = heads[id]; at != NameTable::none; at = mentions_[at].next) result.push_back(&mentions_[at]);
  std::reverse(result.begin(), result.end());
  return result;
}

std::vector<const Mention*> Catalogue::definitions(std::string_view name) const { return chain(definitions_, name); }
std::vector<const Mention*> Catalogue::references(std::string_view name) const { return chain(references_, name); }

std::vector<const artifact::Object*> Catalogue::local_definitions(std::string_view name) const {
  if (!locals_read_) {
    locals_read_ = true;
    for (const artifact::Object* object : objects_)
      for (const artifact::Symbol& symbol : object->local_symbols()) {
        if (symbol.state == State::Undefined) continue;
        const std::uint32_t id = local_names_.insert(symbol.name);
        if (id == locals_.size()) locals_.emplace_back();
        locals_[id].push_back(object);
      }
  }
  const std::uint32_t id = local_names_.find(name);
  return id == NameTable::none ? std::vector<const artifact::Object*>() : locals_[id];
}

const Mention* Catalogue::linkable_definition(std::uint32_t name, const std::optional<artifact::Machine>& machine) const {
  const Mention* found = nullptr;
  for (std::uint32_t at = definitions_[name]; at != NameTable::none; at = mentions_[at].next) {
    const Mention& mention = mentions_[at];
    if (is_hidden(mention) && is_linked_file(*mention.object)) continue;
    if (machine && artifact::why_incompatible(*machine, mention.object->machine())) continue;
    found = &mention;   // the chain runs backwards: keep the first one
  }
  return found;
}

void Catalogue::same_name(const Query& query, std::vector<Nearest>& result) const {
  using Why = Nearest::Why;
  for (const Mention* mention : definitions(query.name)) {
    const artifact::Object& object = *mention->object;
    if (query.machine)
      if (const std::optional<std::string> why = artifact::why_incompatible(*query.machine, object.machine())) {
        result.push_back(make_nearest(Why::SameNameWrongMachine, query.name, object, *why));
        continue;
      }
    if (is_hidden(*mention) && is_linked_file(object)) {
      result.push_back(make_nearest(Why::SameNameHidden, query.name, object, "hidden: visible only inside the module that defines it"));
    } else if (!query.version.empty() ? mention->version != query.version : (!mention->default_version && is_linked_file(object))) {
      result.push_back(make_nearest(Why::SameNameOtherVersion, query.name, object,
                                    mention->version.empty() ? "defined without a version" : fmt::format("defined as version {}", mention->version)));
    } else if (query.inputs && query.inputs->contains(&object)) {
      result.push_back(make_nearest(Why::SameNameNotReached, query.name, object, "in an input of this link that the linker did not take it from"));
    } else {
      result.push_back(make_nearest(Why::SameNameElsewhere, query.name, object,
                                    query.inputs ? "in a file that is not an input of this link" : "defined here"));
    }
  }
  if (!result.empty()) return;
  for (const artifact::Object* object : local_definitions(query.name))
    result.push_back(make_nearest(Why::SameNameHidden, query.name, *object, "local (static): visible only inside its own object"));
}

void Catalogue::similar_names(const Query& query, const SameFamily& same_family, std::vector<Nearest>& result) const {
  std::vector<Nearest> siblings, manglings;
  const Mangled wanted = take_apart(query.name);
  for (std::uint32_t id = 0; id < names_.size(); ++id) {
    if (definitions_[id] == NameTable::none) continue;
    const std::string_view name = names_[id];
    if (name == query.name) continue;
    if (same_family && could_be_siblings(name, query.name) && same_family(name, query.name)) {
      if (const Mention* mention = linkable_definition(id, query.machine))
        siblings.push_back(make_nearest(Nearest::Why::Sibling, name, *mention->object, "of the same family, for other CPU features"));
      continue;
    }
    // Any other spelling of a function contains its base name.
    const std::string_view base = wanted.scheme == Mangled::Scheme::Plain && wanted.base.starts_with('_') && name.size() < wanted.base.size()
                                      ? std::string_view(wanted.base).substr(1) : std::string_view(wanted.base);
    if (base.empty() || name.find(base) == std::string_view::npos) continue;
    const bool plain = !name.starts_with("_Z") && !name.starts_with("_R");
    if (plain && wanted.scheme == Mangled::Scheme::Plain && name.size() + 1 != query.name.size() && name.size() != query.name.size() + 1) continue;
    const std::optional<std::string> how = other_mangling(wanted, take_apart(name));
    if (!how) continue;
    if (const Mention* mention = linkable_definition(id, query.machine))
      manglings.push_back(make_nearest(Nearest::Why::OtherMangling, name, *mention->object, *how));
  }
  const auto by_name = [](const Nearest& a, const Nearest& b) { return a.name < b.name; };
  for (std::vector<Nearest>* found : {&manglings, &siblings}) {
    std::sort(found->begin(), found->end(), by_name);
    if (found->size() > most_similar) found->resize(most_similar);
    std::move(found->begin(), found->end(), std::back_inserter(result));
  }
}

std::vector<Nearest> Catalogue::nearest(const Query& query, const SameFamily& same_family) const {
  std::vector<Nearest> result;
  same_name(query, result);
  similar_names(query, same_family, result);
  // Why's order is that of nearness, but another spelling comes before a sibling.
  const auto rank = [](const Nearest& nearest) {
    switch (nearest.why) {
      case Nearest::Why::SameNameNotReached: return 0;
      case Nearest::Why::SameNameElsewhere: return 1;
      case Nearest::Why::SameNameOtherVersion: return 2;
      case Nearest::Why::SameNameHidden: return 3;
      case Nearest::Why::SameNameWrongMachine: return 4;
      case Nearest::Why::OtherMangling: return 5;
      case Nearest::Why::Sibling: return 6;
    }
    return 7;
  };
  std::stable_sort(result.begin(), result.end(), [&](const Nearest& a, const Nearest& b) { return rank(a) < rank(b); });
  return result;
}

std::vector<Referrer> referrers_of(const std::vector<const Mention*>& references, std::size_t most) {
  std::vector<Referrer> result;
  for (const Mention* mention : references) {
    const std::string label = mention->object->label();
    const std::size_t first = result.size();
    for (const artifact::Use& use : mention->object->uses(mention->index)) {
      const auto same = [&](const Referrer& known) {
        return known.function == use.function && known.section == use.section_name && !use.function.empty();
      };
      if (std::any_of(result.begin() + static_cast<std::ptrdiff_t>(first), result.end(), same)) continue;
      if (result.size() >= most) return result;
      result.push_back({mention->object, label, std::string(use.function), use.offset, std::string(use.section_name)});
    }
    if (result.size() == first) result.push_back({.object = mention->object, .label = label});
    if (result.size() >= most) return result;
  }
  return result;
}

}  // namespace linkdx::link
