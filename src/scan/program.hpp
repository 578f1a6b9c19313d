// All code of one file as a graph: which stretch of code calls which, takes whose address, and names which
// data. See program.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "linkdx/scan.hpp"
#include "places.hpp"

namespace linkdx::scan {

struct Node {
  ScannedCode* code = nullptr;
  const ScannedObject* object = nullptr;
  std::vector<Use> calls{};   ///< nodes, by direct calls and jumps
  std::vector<Use> takes{};   ///< nodes whose address is taken
  std::vector<Use> reads{};   ///< data that is read, or whose address is taken
  std::vector<Use> writes{};  ///< data that is written
  struct Name {
    std::string_view name;
    std::uint32_t at = 0;
  };
  std::vector<Name> outside{};  ///< names that it uses and the file does not define
  bool entry = false;           ///< others may call it: exported or global
  bool start = false;           ///< the loader runs it: constructors
  std::string_view begins{};    ///< why it runs when a program is started; empty: it need not
  bool resolver = false;        ///< it answers which function an ifunc is
};

/// A variable or table.
struct Data {
  std::string_view name;
  std::size_t object = 0;
  Place place{};                       ///< where it begins
  std::vector<std::uint32_t> holds{};  ///< nodes whose addresses it holds
  bool called_through = false;         ///< code calls what it points to
  bool run_at_start = false;           ///< .init_array and the like
};

class Program {
 public:
  /// All objects of one file, decoded with references.
  explicit Program(std::span<ScannedObject> objects, const Linkage* linkage = nullptr);
  std::vector<Node>& nodes() { return nodes_; }
  const std::vector<Data>& data() const { return data_; }
  /// The node of the code at that index of that object: the first of those that begin at the same place.
  std::uint32_t node_of(std::size_t object, std::size_t code) const { return node_of_[object][code]; }

 private:
  struct Target {
    enum class Kind { None, Code, Data } kind = Kind::None;
    std::uint32_t index = 0;
  };
  struct Definition {
    std::size_t object;
    std::uint32_t section;
    std::uint64_t value;
    bool linked;
  };

  void add_nodes(std::size_t object);
  void join_copies(std::size_t object);
  bool keeps(std::size_t object, std::uint32_t section) const {
    return linkage_ == nullptr || linkage_->keeps(*objects_[object].object, section);
  }
  /// Whether the link means another object's definition by this one's name.
  bool is_overruled(std::size_t object, std::string_view name) const;
  bool is_gone(std::size_t object, std::size_t code) const {
    return linkage_ != nullptr && gone_[object][code];
  }
  void add_symbols(std::size_t object);
  void read_relocatable(std::size_t object);
  void read_linked(std::size_t object);
  Target target_at(std::size_t object, const Place& place);
  Target target_named(std::string_view name);
  std::uint32_t data_at(std::size_t object, const Place& place);
  void join_pieces(std::size_t object);
  void follow_on(std::size_t object);
  void mark_entry_point(std::size_t object);
  void use(Node& node, isa::Reference::Use use, std::uint64_t at, const Target& target);

  std::span<ScannedObject> objects_;
  const Linkage* linkage_;
  std::vector<std::vector<artifact::Section>> sections_;
  std::vector<Finder> finders_;
  std::vector<std::vector<std::uint32_t>> node_of_;
  std::vector<std::map<Place, std::string_view>> overruled_;  ///< by their begin
  std::vector<std::vector<bool>> gone_;                       ///< code that another copy stands for
  std::vector<Node> nodes_;
  std::vector<Data> data_;
  std::vector<std::map<Place, std::pair<std::uint64_t, std::string_view>>>
      variables_;  ///< by their begin: size and name
  std::vector<std::map<Place, std::uint32_t>> data_ids_;
  std::unordered_map<std::string_view, Definition> definitions_;
};

}  // namespace linkdx::scan
