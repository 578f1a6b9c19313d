// Who defines a name and who refers to it, over everything at hand.
//
// Built once over the files of a store; answers which definitions come near to a name that a link lacks.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/link.hpp"
#include "name_table.hpp"

namespace linkdx::link {

/// One mention of a name by one object.
struct Mention {
  const artifact::Object* object = nullptr;
  std::uint32_t index = 0;  ///< in the object's symbol table
  std::uint32_t next = NameTable::none;
  artifact::Binding binding = artifact::Binding::Global;
  artifact::Visibility visibility = artifact::Visibility::Default;
  artifact::State state = artifact::State::Undefined;
  bool default_version = true;
  std::string_view version{};
};

class Catalogue {
 public:
  /// Files that are there already are passed over.
  void add(const artifact::File& file);
  bool has(const artifact::File& file) const { return files_.contains(&file); }
  std::size_t object_count() const { return objects_.size(); }

  std::vector<const Mention*> definitions(std::string_view name) const;
  std::vector<const Mention*> references(std::string_view name) const;
  /// Local symbols of that name: read from all objects, so ask only when nothing else is found.
  std::vector<const artifact::Object*> local_definitions(std::string_view name) const;

  struct Query {
    std::string_view name;
    std::string_view version{};
    std::optional<artifact::Machine> machine{};  ///< of the link
    const std::set<const artifact::Object*>* inputs =
        nullptr;  ///< objects of the link's inputs; null without a plan
  };
  std::vector<Nearest> nearest(const Query& query, const SameFamily& same_family) const;

 private:
  void same_name(const Query& query, std::vector<Nearest>& result) const;
  void similar_names(const Query& query, const SameFamily& same_family, std::vector<Nearest>& result) const;
  void similar_spelling(const Query& query, std::vector<Nearest>& result) const;
  std::vector<const Mention*> chain(const std::vector<std::uint32_t>& heads, std::string_view name) const;
  /// The definition that a link for that machine could take; null when there is none.
  const Mention* linkable_definition(std::uint32_t name,
                                     const std::optional<artifact::Machine>& machine) const;

  void index_names() const;
  std::vector<std::uint32_t> with_word(std::string_view word) const;

  /// What a scan over all names needs of one, side by side: most names are told apart by it.
  struct Outline {
    std::uint32_t name = 0;
    std::uint32_t size = 0;
    std::uint64_t first = 0, last = 0;  ///< eight bytes from either end
  };
  mutable std::vector<Outline> outlines_;  ///< of defined names, by size
  mutable std::vector<std::pair<std::uint64_t, std::uint32_t>>
      words_;                        ///< hash of an identifier inside a mangled name, name; sorted
  mutable std::size_t indexed_ = 0;  ///< mentions that the index knows
  NameTable names_;
  std::vector<Mention> mentions_;
  std::vector<std::uint32_t> definitions_, references_;  ///< by name: first mention
  std::vector<const artifact::Object*> objects_;
  std::set<const artifact::File*> files_;
  mutable bool locals_read_ = false;
  mutable NameTable local_names_;
  mutable std::vector<std::vector<const artifact::Object*>> locals_;
};

/// Objects that refer to the name, with their functions; one entry a function, at most `most`.
std::vector<Referrer> referrers_of(const std::vector<const Mention*>& references, std::size_t most = 64);

}  // namespace linkdx::link
