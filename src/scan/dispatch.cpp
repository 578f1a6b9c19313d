// Which code always runs, and which only where the CPU has what it needs.
//
// A library that holds AVX-512 code need not need AVX-512: a dispatcher asks the CPU and picks. What can be shown of that without
// running it is a chain: code that asks (questions.cpp), and the functions whose addresses such code takes or that it calls behind the
// question. The other chain begins at what outsiders run (constructors, resolvers, exported and global functions that are not themselves
// kernels for a CPU) and follows direct calls. What the second chain reaches without passing through the first always runs.
//
// Verdicts, from the strongest claim to the weakest: `always`, `unknown` (reached by pointers, offered to callers under a CPU's name,
// or reached by nothing that is seen), `dispatched`. A function with two verdicts has the stronger one, so `dispatched` is said only where every way that is seen
// leads through a choice. Whether the choice asks for the right feature is not looked at.
#include <algorithm>
#include <deque>
#include <set>

#include <fmt/format.h>

#include "questions.hpp"

namespace linkdx::scan {
namespace {

class Analysis {
 public:
  explicit Analysis(std::span<ScannedObject> objects, const Linkage* linkage)
      : objects_(objects), program_(objects, linkage), nodes_(program_.nodes()), questions_(program_) {}

  void run() {
    mark_needs();
    if (std::none_of(needy_.begin(), needy_.end(), [](bool needy) { return needy; })) {
      for (std::uint32_t i = 0; i < nodes_.size(); ++i) reach_[i].state = Reach::State::Always;
      return write();
    }
    find_choosers();
    find_users();
    name_families();
    reach_from_entries();
    explain_the_rest();
    guard_testers();
    write();
  }

 private:
  // --- what nodes are ---------------------------------------------------------------------------------------------------

  void mark_needs() {
    const std::size_t count = nodes_.size();
    needy_.resize(count);
    own_needs_.resize(count);
    reach_.resize(count);
    // With calls across members: features flow to callers until nothing changes.
    std::vector<std::vector<std::uint32_t>> callers(count);
    std::deque<std::uint32_t> waiting;
    for (std::uint32_t i = 0; i < count; ++i) {
      for (const Use& call : nodes_[i].calls) callers[call.index].push_back(i);
      own_needs_[i] = !nodes_[i].code->is_data() && !above_baseline(nodes_[i].code->own.features).empty();
      if (own_needs_[i]) waiting.push_back(i);
      needy_[i] = own_needs_[i];
    }
    while (!waiting.empty()) {
      const std::uint32_t callee = waiting.front();
      waiting.pop_front();
      for (const std::uint32_t caller : callers[callee]) {
        if (needy_[caller]) continue;
        needy_[caller] = true;
        waiting.push_back(caller);
      }
    }
  }

  /// Functions whose addresses a node takes, itself or by naming a table that holds them.
  template <class Visit>
  void visit_taken(std::uint32_t i, const Visit& visit) const {
    for (const Use& taken : nodes_[i].takes) visit(taken.index);
    for (const Use& read : nodes_[i].reads)
      for (const std::uint32_t held : program_.data()[read.index].holds) visit(held);
  }

  /// Code that takes addresses of functions that need different features: it has something to choose from.
  void find_choosers() {
    chooser_.resize(nodes_.size());
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (questions_.asked_by(i) || nodes_[i].resolver) continue;
      std::optional<isa::FeatureSet> first;
      visit_taken(i, [&](std::uint32_t taken) {
        const isa::FeatureSet needs = above_baseline(nodes_[taken].code->own.features);
        if (!first)
          first = needs;
        else if (!(*first == needs))
          chooser_[i] = true;
      });
    }
  }

  enum class By { Resolver, Tester, Chooser, Other };
  struct User {
    By by;
    std::uint32_t node;
  };

  void find_users() {
    users_.resize(nodes_.size());
    held_.resize(nodes_.size());
    callers_.resize(nodes_.size());
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      const By by = nodes_[i].resolver       ? By::Resolver
                    : questions_.asked_by(i) ? By::Tester
                    : chooser_[i]            ? By::Chooser
                                             : By::Other;
      visit_taken(i, [&](std::uint32_t taken) {
        if (taken != i) users_[taken].push_back({by, i});
      });
      for (const Use& call : nodes_[i].calls)
        if (call.index != i) callers_[call.index].push_back({i, call.at});
    }
    for (const Data& data : program_.data())
      for (const std::uint32_t held : data.holds) {
        held_[held] = true;
        if (data.run_at_start) nodes_[held].start = true;
      }
  }

  /// Families of functions: names that are the same but for the word for a CPU.
  void name_families() {
    std::set<std::string_view> seen;
    for (const Node& node : nodes_)
      if (node.code->named && seen.insert(node.code->name).second)
        ++family_size_[isa::family_of(node.code->name)];
  }

  /// What the name says, when it names a CPU and has siblings that differ only in that.
  std::optional<std::string> said_by_name(std::uint32_t i) const {
    const ScannedCode& code = *nodes_[i].code;
    if (!code.named) return std::nullopt;
    const std::optional<isa::NameHint> hint = isa::from_name(code.name, nodes_[i].object->arch);
    if (!hint || hint->features.empty()) return std::nullopt;
    const auto family = family_size_.find(isa::family_of(code.name));
    if (family == family_size_.end() || family->second < 2) return std::nullopt;
    return fmt::format("its name says `{}`, and {} other function{} of this file differ{} in that alone",
                       hint->token, family->second - 1, family->second == 2 ? "" : "s",
                       family->second == 2 ? "s" : "");
  }

  // --- what reaches them ------------------------------------------------------------------------------------------------

  /// How a call stands to a test of the CPU in the same function.
  enum class Stands { Free, Unclear, Guarded };
  Stands stands(std::uint32_t caller, const Use& call) const {
    if (!questions_.asked_by(caller) || !needy_[call.index] || questions_.asked_by(call.index))
      return Stands::Free;
    return stands(caller, call.at);
  }
  /// Code lies roughly in the order in which it runs, but a compiler may move a branch up: before the question, only what no condition
  /// stands before is sure to run. The condition itself may be what leads there.
  Stands stands(std::uint32_t asker, std::uint64_t at) const {
    const std::vector<std::uint64_t>& conditions = conditions_of(asker);
    if (conditions.empty() || at < conditions.front()) return Stands::Free;
    const auto behind = std::upper_bound(conditions.begin(), conditions.end(), questions_.at(asker));
    return behind != conditions.end() && at >= *behind ? Stands::Guarded : Stands::Unclear;
  }
  /// Offsets of a function's conditional branches.
  const std::vector<std::uint64_t>& conditions_of(std::uint32_t i) const {
    const auto [found, is_new] = conditions_.try_emplace(i);
    if (is_new)
      found->second =
          isa::references_of(nodes_[i].object->arch, nodes_[i].code->bytes, nodes_[i].code->address)
              .conditions;
    return found->second;
  }

  using Way = Reach::Way;
  void set(std::uint32_t i, Reach::State state, Confidence confidence, std::string reason,
           Way way = Way::Other, const ScannedCode* by = nullptr) {
    if (reach_[i].state != Reach::State::Unseen) return;
    reach_[i] = {state, confidence, std::move(reason), way, by};
    waiting_.push_back(i);
  }

  /// The verdict flows along direct calls.
  void spread() {
    while (!waiting_.empty()) {
      const std::uint32_t i = waiting_.front();
      waiting_.pop_front();
      for (const Use& call : nodes_[i].calls)
        if (reach_[call.index].state == Reach::State::Unseen && stands(i, call) == Stands::Free)
          set(call.index, reach_[i].state, reach_[i].confidence,
              call.at < nodes_[i].code->bytes.size()
                  ? fmt::format("called by `{}`", nodes_[i].code->name)
                  : fmt::format("`{}` goes on into it", nodes_[i].code->name),
              Way::Called, nodes_[i].code);
    }
  }

  void reach_from_entries() {
    using State = Reach::State;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].resolver)
        set(i, State::Always, Confidence::Certain,
            "an ifunc's resolver: runs when the file is loaded or first called");
      if (nodes_[i].start)
        set(i, State::Always, Confidence::Certain, "runs when the file is loaded", Way::Start);
      if (!nodes_[i].begins.empty())
        set(i, State::Always, Confidence::Certain, std::string(nodes_[i].begins), Way::Other);
      if (nodes_[i].entry && !left_to_choice(i))
        set(i, State::Always, Confidence::Certain,
            is_linked(*nodes_[i].object->object) ? "exported" : "global: others may call it", Way::Offered);
    }
    spread();
  }

  /// An entry that need not run because others can call it: a kernel among kernels, of which the caller picks one.
  bool left_to_choice(std::uint32_t i) const {
    if (!needy_[i] || nodes_[i].resolver) return false;
    if (said_by_name(i) || names_cpu(i)) return true;
    if (chosen_here(i)) return true;
    // Members of an archive must be global to reach one another. Those that need something and that others here use are told by these.
    return !is_linked(*nodes_[i].object->object) && (!users_[i].empty() || held_[i] || !callers_[i].empty());
  }

  /// A choice that is seen takes its address.
  bool chosen_here(std::uint32_t i) const {
    const bool linked = is_linked(*nodes_[i].object->object);
    return std::any_of(users_[i].begin(), users_[i].end(), [&](const User& user) {
      return user.by == By::Resolver || user.by == By::Tester ||
             (!linked && user.by == By::Chooser && own_needs_[i]);
    });
  }

  std::optional<std::string> names_cpu(std::uint32_t i) const {
    const ScannedCode& code = *nodes_[i].code;
    if (!code.named) return std::nullopt;
    const std::optional<isa::NameHint> hint = isa::from_name(code.name, nodes_[i].object->arch);
    if (hint && !hint->features.empty()) return fmt::format("its name says `{}`", hint->token);
    // A word that alone may mean something else (`sse`) does not beside siblings that differ in that word.
    const std::string family = isa::family_of(code.name);
    const auto siblings = family_size_.find(family);
    if (family == code.name || siblings == family_size_.end() || siblings->second < 2) return std::nullopt;
    return fmt::format("{} other function{} of this file differ{} from it in the word for a CPU",
                       siblings->second - 1, siblings->second == 2 ? "" : "s",
                       siblings->second == 2 ? "s" : "");
  }

  void explain_the_rest() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (reach_[i].state != Reach::State::Unseen) continue;
      if (const std::optional<Reach> chosen = chosen_by(i))
        chosen_.push_back({i, *chosen});
      else if (std::optional<std::string> reason = why_unknown(i))
        unknown_.push_back({i, std::move(*reason)});
    }
    for (auto& [i, reason] : unknown_) {
      const bool pointer = !users_[i].empty() || held_[i];
      set(i, Reach::State::Unknown, Confidence::Possible, reason, pointer ? Way::Pointer : Way::Other,
          users_[i].empty() ? nullptr : nodes_[users_[i].front().node].code);
    }
    spread();
    for (auto& [i, reach] : chosen_) set(i, reach.state, reach.confidence, reach.reason);
    spread();
    // Called only by code that nothing is seen to reach and that needs nothing but this.
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
      if (reach_[i].state == Reach::State::Unseen && needy_[i])
        set(i, Reach::State::Unknown, Confidence::Possible,
            "called only by code that nothing here is seen to reach");
    spread();
    for (Reach& reach : reach_)
      if (reach.state == Reach::State::Unseen)
        reach = {Reach::State::Unknown, Confidence::Possible, "nothing here is seen to reach it"};
  }

  std::optional<std::string> why_unknown(std::uint32_t i) const {
    if (nodes_[i].entry)
      if (const std::optional<std::string> name = names_cpu(i))
        return fmt::format("others may call it, and {}: whether they ask the CPU is not seen", *name);
    if (!users_[i].empty())
      return fmt::format("only by pointer: `{}` takes its address",
                         nodes_[users_[i].front().node].code->name);
    if (held_[i]) return "only by pointer: a table holds its address";
    for (const auto& [caller, at] : callers_[i])
      if (stands(caller, {i, at}) == Stands::Unclear)
        return fmt::format("called by `{}`, which {}, but not surely behind that", nodes_[caller].code->name,
                           questions_.how(caller));
    if (callers_[i].empty()) return "nothing here is seen to reach it";
    return std::nullopt;
  }

  std::optional<Reach> chosen_by(std::uint32_t i) const {
    using State = Reach::State;
    const std::vector<User>& users = users_[i];
    const auto by = [&users](By kind) {
      return std::find_if(users.begin(), users.end(), [kind](const User& user) { return user.by == kind; });
    };
    if (const auto user = by(By::Resolver); user != users.end())
      return Reach{State::Dispatched, Confidence::Certain,
                   fmt::format("chosen by the resolver `{}` of an ifunc", nodes_[user->node].code->name)};
    if (const auto user = by(By::Tester); user != users.end())
      return Reach{State::Dispatched, Confidence::Likely,
                   fmt::format("its address is taken by `{}`, which {}", nodes_[user->node].code->name,
                               questions_.how(user->node))};
    bool guarded = false;
    std::uint32_t guard = 0;
    for (const auto& [caller, at] : callers_[i]) {
      const Stands how = stands(caller, {i, at});
      if (how == Stands::Unclear) return std::nullopt;
      if (how == Stands::Guarded && !guarded) {
        guarded = true;
        guard = caller;
      }
    }
    if (guarded)
      return Reach{State::Dispatched, Confidence::Likely,
                   fmt::format("called by `{}`, which {}", nodes_[guard].code->name, questions_.how(guard))};
    // Where nothing here uses it, it is offered to others.
    const bool offered = nodes_[i].entry && users.empty() && callers_[i].empty() && !held_[i];
    if (const std::optional<std::string> name = said_by_name(i); name && !offered)
      return Reach{State::Dispatched, Confidence::Likely, *name};
    if (const auto user = by(By::Chooser); user != users.end())
      return Reach{State::Dispatched, Confidence::Possible,
                   fmt::format("its address is taken by `{}`, beside those of functions for other CPUs",
                               nodes_[user->node].code->name)};
    return std::nullopt;
  }

  /// Code that tests the CPU and goes on in the same function: what stands behind the test and a condition is guarded by it. Of each
  /// feature the first instruction is looked at.
  void guard_testers() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (!questions_.asked_by(i) || !own_needs_[i] || reach_[i].state == Reach::State::Dispatched) continue;
      ScannedCode& code = *nodes_[i].code;
      code.guarded = code.unsure = isa::FeatureSet(nodes_[i].object->arch);
      for (const isa::Witness& witness : code.own.witnesses) {
        const Stands how = stands(i, witness.offset);
        if (how != Stands::Free) (how == Stands::Guarded ? code.guarded : code.unsure).add(witness.feature);
      }
      if (!code.guarded.empty())
        reach_[i].reason += fmt::format("; it {}, and uses them behind a condition", questions_.how(i));
    }
  }

  void write() {
    for (std::size_t object = 0; object < objects_.size(); ++object)
      for (std::size_t i = 0; i < objects_[object].code.size(); ++i) {
        ScannedCode& code = objects_[object].code[i];
        const std::uint32_t node = program_.node_of(object, i);
        code.reach = reach_[node];
        code.guarded = nodes_[node].code->guarded;
        code.unsure = nodes_[node].code->unsure;
      }
  }

  std::span<ScannedObject> objects_;
  Program program_;
  std::vector<Node>& nodes_;
  Questions questions_;
  std::vector<bool> needy_, own_needs_;  ///< above the baseline: with calls, itself
  std::vector<bool> chooser_, held_;
  std::vector<std::vector<User>> users_;  ///< who takes its address
  struct Caller {
    std::uint32_t node, at;
  };
  std::vector<std::vector<Caller>> callers_;
  mutable std::unordered_map<std::uint32_t, std::vector<std::uint64_t>> conditions_;
  std::map<std::string, unsigned> family_size_;
  std::vector<Reach> reach_;
  std::deque<std::uint32_t> waiting_;
  std::vector<std::pair<std::uint32_t, Reach>> chosen_;
  std::vector<std::pair<std::uint32_t, std::string>> unknown_;
};

}  // namespace

void find_dispatch(std::span<ScannedObject> objects, const Linkage* linkage) {
  Analysis(objects, linkage).run();
}

}  // namespace linkdx::scan
