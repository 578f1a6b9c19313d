// See code.hpp.
#include "code.hpp"

#include <algorithm>
#include <unordered_set>

namespace linkdx::check {
namespace {

using artifact::Object;
using artifact::State;
using artifact::Symbol;
using Names = std::unordered_set<std::string_view>;

/// Objects by what they are to those above the baseline. Indexes into Scope::objects.
class Neighbourhood {
 public:
  Neighbourhood(const Scope& scope, std::vector<bool> above, unsigned threads)
      : scope_(scope), threads_(threads), above_(std::move(above)), chosen_(above_), asks_(above_.size()) {
    std::vector<char> asks(above_.size());
    for_each(above_.size(), threads, [&](std::size_t i) { asks[i] = scan::may_ask(*scope.objects[i]); });
    for (std::size_t i = 0; i < asks.size(); ++i) asks_[i] = asks[i] != 0;
  }

  bool something_asks() const { return std::find(asks_.begin(), asks_.end(), true) != asks_.end(); }

  /// `defined_above`: functions that need more than the baseline, themselves or by what they call.
  std::vector<const Object*> choose(const Names& defined_above) {
    mark(chosen_, [&](const Symbol& symbol) { return defined_above.contains(symbol.name); });
    // What these refer to, where it asks the CPU itself or asks somebody who does.
    Names wanted, answers;
    visit(chosen_, [&](const Symbol& symbol) {
      if (symbol.state == State::Undefined) wanted.insert(symbol.name);
    });
    visit(asks_, [&](const Symbol& symbol) {
      if (symbol.state != State::Undefined) answers.insert(symbol.name);
    });
    std::vector<bool> asking = asks_, offered(above_.size());
    mark(offered, [&](const Symbol& symbol) {
      return symbol.state != State::Undefined && wanted.contains(symbol.name);
    });
    for (std::size_t i = 0; i < asking.size(); ++i)
      if (offered[i] && !asking[i])
        asking[i] = holds(i, [&](const Symbol& symbol) {
          return symbol.state == State::Undefined && answers.contains(symbol.name);
        });
    // Who asks in the same archive may hand the answer on.
    std::set<std::string_view> files;
    for (std::size_t i = 0; i < above_.size(); ++i)
      if (chosen_[i]) files.insert(file_of(i));
    std::vector<const Object*> result;
    for (std::size_t i = 0; i < above_.size(); ++i)
      if (chosen_[i] || (asking[i] && offered[i]) || (asks_[i] && files.contains(file_of(i))))
        result.push_back(scope_.objects[i]);
    return result;
  }

 private:
  /// The archive; nothing for objects that are files of their own.
  std::string_view file_of(std::size_t i) const {
    const Object& object = *scope_.objects[i];
    return object.member().empty() ? std::string_view() : std::string_view(scope_.files.at(&object)->path());
  }
  template <class Visit>
  void visit(const std::vector<bool>& which, const Visit& take) const {
    for (std::size_t i = 0; i < which.size(); ++i)
      if (which[i]) scope_.objects[i]->visit_symbols(take);
  }
  template <class Fits>
  void mark(std::vector<bool>& which, const Fits& fits) const {
    std::vector<char> found(which.begin(), which.end());
    for_each(which.size(), threads_, [&](std::size_t i) { found[i] = found[i] || holds(i, fits); });
    which.assign(found.begin(), found.end());
  }
  template <class Fits>
  bool holds(std::size_t i, const Fits& fits) const {
    bool found = false;
    scope_.objects[i]->visit_symbols([&](const Symbol& symbol) { found = found || fits(symbol); });
    return found;
  }

  const Scope& scope_;
  unsigned threads_;
  std::vector<bool> above_, chosen_, asks_;
};

std::vector<bool> objects_above(const std::vector<const Object*>& objects, const Scope& scope,
                                unsigned threads) {
  std::vector<char> found(objects.size());
  for_each(objects.size(), threads, [&](std::size_t i) {
    found[i] = isa::supported(scope.arch) && !scan::surely_within(*objects[i], scope.allowed);
  });
  return {found.begin(), found.end()};
}

void add_definitions(const Scope& scope, Code& code) {
  for (const scan::ScannedObject& object : code.scanned) {
    std::map<std::pair<std::uint32_t, std::uint64_t>, const scan::ScannedCode*> at;
    for (const scan::ScannedCode& each : object.code) at.try_emplace({each.section, each.address}, &each);
    object.object->visit_symbols([&](const Symbol& symbol) {
      if (symbol.state != State::Defined) return;
      const auto found = at.find({symbol.section, symbol.value});
      if (found == at.end()) return;
      bool kept = true;
      if (scope.replay != nullptr)
        kept = scope.keeps(*object.object, symbol.section) &&
               scope.replay->outcome->definer(symbol.name) == object.object;
      code.definitions[symbol.name].push_back({&object, found->second, symbol, kept});
    });
  }
}

/// In a program nothing is run that nothing refers to. The chosen objects' own references are followed; these
/// are those of all others.
Names names_referred_to_by_others(const Scope& scope, const std::vector<const Object*>& chosen) {
  if (!scope.whole_program()) return {};
  Names names = {"main", "_start", scope.plan->entry};
  const std::set<const Object*> own(chosen.begin(), chosen.end());
  for (const Object* object : scope.replay->linked)
    if (!own.contains(object))
      object->visit_symbols([&names](const Symbol& symbol) {
        if (symbol.state == State::Undefined) names.insert(symbol.name);
      });
  return names;
}

Code read_linked_files(const Scope& scope, unsigned threads, Code code) {
  const std::vector<bool> linked_above = objects_above(scope.linked_files, scope, threads);
  for (std::size_t i = 0; i < scope.linked_files.size(); ++i) {
    if (!linked_above[i]) continue;
    code.linked.push_back(scan::decode(std::span(scope.linked_files).subspan(i, 1), threads));
    scan::find_dispatch(code.linked.back());
  }
  for (const scan::ScannedObject& object : code.scanned)
    for (const scan::ScannedCode& each : object.code) code.home.emplace(&each, &object);
  for (const auto& file : code.linked)
    for (const scan::ScannedCode& each : file.front().code) code.home.emplace(&each, &file.front());
  return code;
}

}  // namespace

Code read_code(const Scope& scope, unsigned threads) {
  Code code;
  code.looked_at = scope.objects.size() + scope.linked_files.size();
  const std::vector<bool> above = objects_above(scope.objects, scope, threads);
  const auto is_set = [](bool set) { return set; };
  if (std::any_of(above.begin(), above.end(), is_set)) {
    Neighbourhood neighbourhood(scope, above, threads);
    code.something_asks = neighbourhood.something_asks();
    std::vector<const Object*> first;
    for (std::size_t i = 0; i < above.size(); ++i)
      if (above[i]) first.push_back(scope.objects[i]);
    Names defined_above;  // of names that `alone` holds
    const std::vector<scan::ScannedObject> alone = scan::decode(first, threads);
    for (const scan::ScannedObject& object : alone)
      for (const scan::ScannedCode& each : object.code)
        if (each.named && !scope.above(each.with_calls).empty()) defined_above.insert(each.name);
    if (defined_above.empty()) return read_linked_files(scope, threads, std::move(code));
    const std::vector<const Object*> chosen = neighbourhood.choose(defined_above);
    code.scanned = scan::decode(chosen, threads);
    const Names referred_to = names_referred_to_by_others(scope, chosen);
    scan::Linkage linkage;
    if (scope.whole_program())
      linkage.offered = [&referred_to](std::string_view name) { return referred_to.contains(name); };
    if (scope.replay != nullptr) {
      linkage.keeps = [&scope](const Object& object, std::uint32_t section) {
        return scope.keeps(object, section);
      };
      linkage.definer = [&scope](std::string_view name) { return scope.replay->outcome->definer(name); };
    }
    scan::find_dispatch(code.scanned, scope.replay != nullptr ? &linkage : nullptr);
    add_definitions(scope, code);
  }
  return read_linked_files(scope, threads, std::move(code));
}

}  // namespace linkdx::check
