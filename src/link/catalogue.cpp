// See catalogue.hpp.

#include "catalogue.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "linkdx/language.hpp"
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
  return artifact::is_linked(object.kind());
}

/// What siblings do not share is no longer than the names of a few CPU features, and they share something:
/// keeps the costly test from most of the names.
constexpr std::size_t longest_mark = 24;

bool could_be_siblings(std::string_view a, std::string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size()), longer = std::max(a.size(), b.size());
  if (longer - shorter > longest_mark) return false;
  std::size_t prefix = 0;
  while (prefix < shorter && a[prefix] == b[prefix]) ++prefix;
  std::size_t suffix = 0;
  while (suffix < shorter - prefix && a[a.size() - 1 - suffix] == b[b.size() - 1 - suffix]) ++suffix;
  return prefix + suffix >= std::min<std::size_t>(4, (shorter + 1) / 2) &&
         longer - prefix - suffix <= longest_mark;
}

/// Eight bytes from the start, or from the end backwards; zeros where the name is shorter.
std::uint64_t eight_bytes(std::string_view name, bool backwards) {
  std::uint64_t result = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(8, name.size()); ++i)
    result |= std::uint64_t(static_cast<unsigned char>(backwards ? name[name.size() - 1 - i] : name[i]))
              << (8 * i);
  return result;
}

std::size_t equal_bytes(std::uint64_t a, std::uint64_t b) {
  return a == b ? 8 : static_cast<std::size_t>(std::countr_zero(a ^ b)) / 8;
}

/// Mangled names, C++'s and both of Rust's, spell an identifier as its length and its text: `3foo`. A number
/// may mean something else; then a word comes out that nobody asks for.
template <class Take>
void for_each_word(std::string_view name, Take take) {
  if (!name.starts_with("_Z") && !name.starts_with("_R")) return;
  for (std::size_t at = 2; at < name.size();) {
    std::size_t length = 0, digits = at;
    while (digits < name.size() && name[digits] >= '0' && name[digits] <= '9' && length < name.size())
      length = 10 * length + static_cast<std::size_t>(name[digits++] - '0');
    if (digits == at) {
      ++at;
      continue;
    }
    at = digits;
    if (length != 0 && length <= name.size() - digits) take(name.substr(digits, length));
    // Rust v0 writes `_` before an identifier that begins with a digit or an underscore.
    if (length != 0 && digits < name.size() && name[digits] == '_' && length <= name.size() - digits - 1)
      take(name.substr(digits + 1, length));
  }
}

constexpr std::size_t most_similar = 16;

/// The same name with a leading underscore more or less: no sibling, whatever its words are.
bool is_with_underscore(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  return a.size() == b.size() + 1 && a.front() == '_' && a.substr(1) == b;
}

/// What a renamed definition carries before or behind its old name, as `_v2`, `lib_` or `_impl`, is no longer
/// than this, and the old name no shorter than that.
constexpr std::size_t longest_affix = 8, shortest_renamed = 5;

/// Whether one character changed, added, dropped or swapped with its neighbour makes `a` of `b`.
bool one_letter_off(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  if (a.size() - b.size() > 1 || b.size() < shortest_renamed) return false;
  std::size_t i = 0;
  while (i < b.size() && a[i] == b[i]) ++i;
  if (a.size() != b.size()) return a.substr(i + 1) == b.substr(i);
  if (i == a.size()) return false;
  if (i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] && a.substr(i + 2) == b.substr(i + 2))
    return true;
  return a.substr(i + 1) == b.substr(i + 1);
}

/// `f_v2`, `lib_f` and `f_impl` for `f`, and back.
bool differs_by_affix(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  return a.size() != b.size() && a.size() - b.size() <= longest_affix && b.size() >= shortest_renamed &&
         ((a.starts_with(b) && (a[b.size()] == '_' || b.ends_with('_'))) ||
          (a.ends_with(b) && (a[a.size() - b.size() - 1] == '_' || b.starts_with('_'))));
}

bool is_similar(const Mangled& wanted, const Mangled& candidate) {
  return wanted.scheme == candidate.scheme && wanted.scope == candidate.scope &&
         wanted.parameters == candidate.parameters &&
         (differs_by_affix(wanted.base, candidate.base) || one_letter_off(wanted.base, candidate.base));
}

/// A C++ function that is local to its file has an `L` before its identifier: `_ZL1fv` beside `_Z1fv`.
/// Source: Itanium C++ ABI, 5.1.6 (the encoding that GCC and clang added for internal linkage).
bool is_local_form(std::string_view local, std::string_view name) {
  if (local.size() != name.size() + 1 || !name.starts_with("_Z")) return false;
  std::size_t i = 0;
  while (i < name.size() && local[i] == name[i]) ++i;
  return local[i] == 'L' && local.substr(i + 1) == name.substr(i);
}

Nearest make_nearest(Nearest::Why why, std::string_view name, const artifact::Object& object,
                     std::string detail) {
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

std::vector<const Mention*> Catalogue::chain(const std::vector<std::uint32_t>& heads,
                                             std::string_view name) const {
  std::vector<const Mention*> result;
  const std::uint32_t id = names_.find(name);
  if (id == NameTable::none) return result;
  for (std::uint32_t at = heads[id]; at != NameTable::none; at = mentions_[at].next)
    result.push_back(&mentions_[at]);
  std::reverse(result.begin(), result.end());
  return result;
}

std::vector<const Mention*> Catalogue::definitions(std::string_view name) const {
  return chain(definitions_, name);
}
std::vector<const Mention*> Catalogue::references(std::string_view name) const {
  return chain(references_, name);
}

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
  if (const std::uint32_t id = local_names_.find(name); id != NameTable::none) return locals_[id];
  if (name.starts_with("_Z"))
    for (std::uint32_t id = 0; id < local_names_.size(); ++id)
      if (is_local_form(local_names_[id], name)) return locals_[id];
  return {};
}

const Mention* Catalogue::linkable_definition(std::uint32_t name,
                                              const std::optional<artifact::Machine>& machine) const {
  const Mention* found = nullptr;
  for (std::uint32_t at = definitions_[name]; at != NameTable::none; at = mentions_[at].next) {
    const Mention& mention = mentions_[at];
    if (is_hidden(mention) && is_linked_file(*mention.object)) continue;
    if (machine && artifact::why_incompatible(*machine, mention.object->machine())) continue;
    found = &mention;  // the chain runs backwards: keep the first one
  }
  return found;
}

void Catalogue::same_name(const Query& query, std::vector<Nearest>& result) const {
  using Why = Nearest::Why;
  for (const Mention* mention : definitions(query.name)) {
    const artifact::Object& object = *mention->object;
    if (query.machine)
      if (const std::optional<std::string> why =
              artifact::why_incompatible(*query.machine, object.machine())) {
        result.push_back(make_nearest(Why::SameNameWrongMachine, query.name, object, *why));
        continue;
      }
    if (is_hidden(*mention) && is_linked_file(object)) {
      result.push_back(make_nearest(Why::SameNameHidden, query.name, object,
                                    say("hidden: visible only inside the module that defines it")));
    } else if (!query.version.empty() ? mention->version != query.version
                                      : (!mention->default_version && is_linked_file(object))) {
      result.push_back(make_nearest(Why::SameNameOtherVersion, query.name, object,
                                    mention->version.empty()
                                        ? say("defined without a version")
                                        : say("defined as version {}", mention->version)));
    } else if (query.inputs && query.inputs->contains(&object)) {
      result.push_back(make_nearest(Why::SameNameNotReached, query.name, object,
                                    say("in an input of this link that the linker did not take it from")));
    } else {
      result.push_back(make_nearest(
          Why::SameNameElsewhere, query.name, object,
          query.inputs ? say("in a file that is not an input of this link") : say("defined here")));
    }
  }
  if (!result.empty()) return;
  for (const artifact::Object* object : local_definitions(query.name))
    result.push_back(make_nearest(Why::SameNameHidden, query.name, *object,
                                  say("local (static): visible only inside its own object")));
}

void Catalogue::index_names() const {
  if (indexed_ == mentions_.size()) return;
  indexed_ = mentions_.size();
  outlines_.clear();
  words_.clear();
  for (std::uint32_t id = 0; id < names_.size(); ++id) {
    if (definitions_[id] == NameTable::none) continue;
    const std::string_view name = names_[id];
    outlines_.push_back(
        {id, static_cast<std::uint32_t>(name.size()), eight_bytes(name, false), eight_bytes(name, true)});
    for_each_word(name, [&](std::string_view word) { words_.emplace_back(hash_of(word), id); });
  }
  std::stable_sort(outlines_.begin(), outlines_.end(),
                   [](const Outline& a, const Outline& b) { return a.size < b.size; });
  std::sort(words_.begin(), words_.end());
  words_.erase(std::unique(words_.begin(), words_.end()), words_.end());
}

std::vector<std::uint32_t> Catalogue::with_word(std::string_view word) const {
  std::vector<std::uint32_t> result;
  const std::uint64_t hash = hash_of(word);
  for (auto at = std::lower_bound(words_.begin(), words_.end(), std::pair(hash, std::uint32_t(0)));
       at != words_.end() && at->first == hash; ++at)
    result.push_back(at->second);
  return result;
}

void Catalogue::similar_names(const Query& query, const SameFamily& same_family,
                              std::vector<Nearest>& result) const {
  index_names();
  std::vector<Nearest> siblings, manglings;
  std::set<std::uint32_t> family;
  const std::uint64_t first = eight_bytes(query.name, false), last = eight_bytes(query.name, true);
  const auto by_size = [](const Outline& outline, std::size_t size) { return outline.size < size; };
  const auto begin = std::lower_bound(outlines_.begin(), outlines_.end(),
                                      query.name.size() - std::min(query.name.size(), longest_mark), by_size);
  const auto end = std::lower_bound(begin, outlines_.end(), query.name.size() + longest_mark + 1, by_size);
  for (auto at = begin; same_family && at != end; ++at) {
    const Outline& outline = *at;
    const std::size_t longer = std::max<std::size_t>(outline.size, query.name.size());
    const std::size_t shorter = std::min<std::size_t>(outline.size, query.name.size());
    const std::size_t prefix = equal_bytes(outline.first, first), suffix = equal_bytes(outline.last, last);
    if (prefix < 8 && suffix < 8 &&
        (prefix + suffix < std::min<std::size_t>(4, (shorter + 1) / 2) ||
         prefix + suffix + longest_mark < longer))
      continue;
    const std::string_view name = names_[outline.name];
    if (name == query.name || !could_be_siblings(name, query.name) || is_with_underscore(name, query.name) ||
        !same_family(name, query.name))
      continue;
    family.insert(outline.name);
    if (const Mention* mention = linkable_definition(outline.name, query.machine))
      siblings.push_back(make_nearest(Nearest::Why::Sibling, name, *mention->object,
                                      say("of the same family, for other CPU features")));
  }

  // Another spelling of a function has its base name as an identifier, or is the base name with an underscore
  // more or less.
  const Mangled wanted = take_apart(query.name);
  std::vector<std::uint32_t> candidates;
  std::vector<std::string> spellings = {wanted.base, "_" + wanted.base};
  if (wanted.base.starts_with('_')) spellings.push_back(wanted.base.substr(1));
  for (const std::string& spelling : spellings) {
    if (spelling.empty()) continue;
    const std::vector<std::uint32_t> found = with_word(spelling);
    candidates.insert(candidates.end(), found.begin(), found.end());
    if (const std::uint32_t id = names_.find(spelling);
        id != NameTable::none && definitions_[id] != NameTable::none)
      candidates.push_back(id);
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  for (const std::uint32_t id : candidates) {
    const std::string_view name = names_[id];
    if (name == query.name || family.contains(id)) continue;
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

void Catalogue::similar_spelling(const Query& query, std::vector<Nearest>& result) const {
  index_names();
  const Mangled wanted = take_apart(query.name);
  if (wanted.base.size() < shortest_renamed) return;
  // A mangled name holds the length of each identifier: one digit more.
  const std::size_t most = longest_affix + 1;
  const auto by_size = [](const Outline& outline, std::size_t size) { return outline.size < size; };
  const auto begin = std::lower_bound(outlines_.begin(), outlines_.end(),
                                      query.name.size() - std::min(query.name.size(), most), by_size);
  const auto end = std::lower_bound(begin, outlines_.end(), query.name.size() + most + 1, by_size);
  std::vector<Nearest> found;
  for (auto at = begin; at != end && found.size() < most_similar; ++at) {
    const std::string_view name = names_[at->name];
    if (references_[at->name] != NameTable::none || name == query.name) continue;
    const std::size_t shorter = std::min(name.size(), query.name.size());
    std::size_t prefix = 0, suffix = 0;
    while (prefix < shorter && name[prefix] == query.name[prefix]) ++prefix;
    while (suffix < shorter - prefix &&
           name[name.size() - 1 - suffix] == query.name[query.name.size() - 1 - suffix])
      ++suffix;
    // What the two share is all of the shorter one but a letter; a mangled name has the identifier's length
    // before it.
    const std::size_t inside = wanted.scheme == Mangled::Scheme::Plain ? 0 : wanted.base.size();
    if (prefix + suffix + inside + 3 < shorter || !is_similar(wanted, take_apart(name))) continue;
    if (const Mention* mention = linkable_definition(at->name, query.machine))
      found.push_back(make_nearest(Nearest::Why::SimilarName, name, *mention->object,
                                   say("spelled almost the same, and nothing refers to it")));
  }
  std::sort(found.begin(), found.end(), [](const Nearest& a, const Nearest& b) { return a.name < b.name; });
  std::move(found.begin(), found.end(), std::back_inserter(result));
}

std::vector<Nearest> Catalogue::nearest(const Query& query, const SameFamily& same_family) const {
  std::vector<Nearest> result;
  same_name(query, result);
  const bool same = !result.empty();
  similar_names(query, same_family, result);
  if (!same) {
    std::vector<Nearest> spelled;
    similar_spelling(query, spelled);
    // A sibling for other features is spelled almost the same, too: `f_avx` of `f_avx2`.
    std::erase_if(spelled, [&](const Nearest& nearest) {
      return std::any_of(result.begin(), result.end(),
                         [&](const Nearest& other) { return nearest.name == other.name; });
    });
    std::move(spelled.begin(), spelled.end(), std::back_inserter(result));
  }
  // Why's order is that of nearness, but another spelling comes before a sibling.
  const auto rank = [](const Nearest& nearest) {
    switch (nearest.why) {
      case Nearest::Why::SameNameNotReached:
        return 0;
      case Nearest::Why::SameNameElsewhere:
        return 1;
      case Nearest::Why::SameNameOtherVersion:
        return 2;
      case Nearest::Why::SameNameHidden:
        return 3;
      case Nearest::Why::SameNameWrongMachine:
        return 4;
      case Nearest::Why::OtherMangling:
        return 5;
      case Nearest::Why::SimilarName:
        return 6;
      case Nearest::Why::Sibling:
        return 7;
    }
    return 8;
  };
  std::stable_sort(result.begin(), result.end(),
                   [&](const Nearest& a, const Nearest& b) { return rank(a) < rank(b); });
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
      result.push_back(
          {mention->object, label, std::string(use.function), use.offset, std::string(use.section_name)});
    }
    if (result.size() == first) result.push_back({.object = mention->object, .label = label});
    if (result.size() >= most) return result;
  }
  return result;
}

}  // namespace linkdx::link
