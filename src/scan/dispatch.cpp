// Which code always runs, and which only where the CPU has what it needs.
//
// A library that holds AVX-512 code need not need AVX-512: a dispatcher asks the CPU and picks. What can be shown of that without
// running it is a chain: code that asks (CPUID, an identification register, a name of cpu_questions.inc), the variables
// in which it leaves the answer, code that reads them, and the functions whose addresses such code takes or that it alone calls.
// The other chain begins at what outsiders call (exported and global functions, start-up code) and follows direct calls.
// What the second chain reaches without passing through the first always runs.
//
// Verdicts, from the strongest claim to the weakest: `always`, `unknown` (reached by pointers, or by nothing that is
// seen), `dispatched`. A function with two verdicts has the stronger one, so `dispatched` is said only where every way that is seen
// leads through a choice. Whether the choice asks for the right feature is not looked at.
#include <algorithm>
#include <deque>
#include <set>

#include <fmt/format.h>

#include "program.hpp"

namespace linkdx::scan {
namespace {

struct Question {
  std::string_view name;
  enum class Form { Variable, Function } form;
};
constexpr Question questions[] = {
#define QUESTION(name, form, source) {name, Question::Form::form},
#include "cpu_questions.inc"
#undef QUESTION
};

const Question* question_named(std::string_view name) {
  const auto found = std::find_if(std::begin(questions), std::end(questions), [name](const Question& row) { return row.name == name; });
  return found == std::end(questions) ? nullptr : found;
}

class Analysis {
 public:
  explicit Analysis(std::span<ScannedObject> objects) : objects_(objects), program_(objects), nodes_(program_.nodes()) {}

  void run() {
    mark_needs();
    if (std::none_of(needy_.begin(), needy_.end(), [](bool needy) { return needy; })) {
      for (std::uint32_t i = 0; i < nodes_.size(); ++i) reach_[i].state = Reach::State::Always;
      return write();
    }
    find_testers();
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
      for (const std::uint32_t callee : nodes_[i].calls) callers[callee].push_back(i);
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

  /// Code that asks the CPU, its direct callers, and code that reads the variables in which these leave the answer.
  void find_testers() {
    const std::size_t count = nodes_.size();
    asks_.resize(count);
    tester_.resize(count);
    test_.resize(count);
    std::vector<bool> direct(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (nodes_[i].code->asks_cpu) {
        direct[i] = true;
        test_[i] = fmt::format("asks the CPU at {:#x}", *nodes_[i].code->asks_cpu);
      }
      const Question* named = question_named(nodes_[i].code->name);
      if (named != nullptr && named->form == Question::Form::Function) direct[i] = true;
      for (const std::string_view name : nodes_[i].outside)
        if (const Question* row = question_named(name); row != nullptr && test_[i].empty())
          test_[i] = fmt::format("{} `{}`", row->form == Question::Form::Function ? "calls" : "reads", name);
    }
    asks_ = direct;
    for (std::uint32_t i = 0; i < count; ++i)
      for (const std::uint32_t callee : nodes_[i].calls)
        // One that takes addresses makes the choice itself, and answers nothing.
        if (direct[callee] && callee != i && nodes_[callee].takes.empty()) {
          asks_[i] = true;
          if (test_[i].empty()) test_[i] = fmt::format("calls `{}`, which asks the CPU", nodes_[callee].code->name);
        }
    std::vector<std::string> answer(program_.data().size());   // which variable holds an answer, and whose
    std::vector<std::uint32_t> answered;
    const auto leaves = [&](std::uint32_t data, std::uint32_t from) {
      const Data& variable = program_.data()[data];
      if (variable.called_through || !variable.holds.empty() || !answer[data].empty()) return;
      answer[data] = nodes_[from].code->name;
      answered.push_back(data);
    };
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!asks_[i]) continue;
      for (const std::uint32_t data : nodes_[i].writes) leaves(data, i);
      // A caller passes the address of the variable to the code that asks.
      if (!direct[i] && nodes_[i].takes.empty())
        for (const std::uint32_t data : nodes_[i].reads) leaves(data, i);
    }
    // The answer of CPUID is four words; in a stripped library each has an address of its own, and some are written through pointers.
    constexpr std::uint64_t words = 16;
    std::map<std::pair<std::size_t, Place>, std::uint32_t> by_place;
    for (std::uint32_t data = 0; data < answer.size(); ++data)
      if (program_.data()[data].name.empty()) by_place.emplace(std::pair(program_.data()[data].object, program_.data()[data].place), data);
    for (const std::uint32_t first : answered) {
      const auto& [object, place] = std::pair(program_.data()[first].object, program_.data()[first].place);
      for (auto at = by_place.lower_bound({object, place}); at != by_place.end() && at->first.first == object && at->first.second.section == place.section &&
                                                            at->first.second.offset - place.offset < words; ++at)
        if (answer[at->second].empty() && !program_.data()[at->second].called_through && program_.data()[at->second].holds.empty())
          answer[at->second] = answer[first];
    }
    for (std::uint32_t data = 0; data < answer.size(); ++data)
      if (question_named(program_.data()[data].name) != nullptr) answer[data] = program_.data()[data].name;
    for (std::uint32_t i = 0; i < count; ++i) {
      for (const std::uint32_t data : nodes_[i].reads)
        if (!answer[data].empty() && test_[i].empty())
          test_[i] = program_.data()[data].name.empty() ? fmt::format("reads what `{}` wrote of the CPU", answer[data])
                                                        : fmt::format("reads `{}`, which holds what the CPU has", program_.data()[data].name);
      tester_[i] = !test_[i].empty();
    }
  }

  /// Functions whose addresses a node takes, itself or by naming a table that holds them.
  template <class Visit>
  void visit_taken(std::uint32_t i, const Visit& visit) const {
    for (const std::uint32_t taken : nodes_[i].takes) visit(taken);
    for (const std::uint32_t data : nodes_[i].reads)
      for (const std::uint32_t held : program_.data()[data].holds) visit(held);
  }

  /// Code that takes addresses of functions that need different features: it has something to choose from.
  void find_choosers() {
    chooser_.resize(nodes_.size());
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (tester_[i] || nodes_[i].resolver) continue;
      std::optional<isa::FeatureSet> first;
      visit_taken(i, [&](std::uint32_t taken) {
        const isa::FeatureSet needs = above_baseline(nodes_[taken].code->own.features);
        if (!first) first = needs;
        else if (!(*first == needs)) chooser_[i] = true;
      });
    }
  }

  enum class By { Resolver, Tester, Chooser, Other };
  struct User { By by; std::uint32_t node; };

  void find_users() {
    users_.resize(nodes_.size());
    held_.resize(nodes_.size());
    callers_.resize(nodes_.size());
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      const By by = nodes_[i].resolver ? By::Resolver : tester_[i] ? By::Tester : chooser_[i] ? By::Chooser : By::Other;
      visit_taken(i, [&](std::uint32_t taken) {
        if (taken != i) users_[taken].push_back({by, i});
      });
      for (const std::uint32_t callee : nodes_[i].calls)
        if (callee != i) callers_[callee].push_back(i);
    }
    for (const Data& data : program_.data())
      for (const std::uint32_t held : data.holds) {
        held_[held] = true;
        if (data.run_at_start) nodes_[held].entry = true;
      }
  }

  /// Families of functions: names that are the same but for the word for a CPU.
  void name_families() {
    std::set<std::string_view> seen;
    for (const Node& node : nodes_)
      if (node.code->named && seen.insert(node.code->name).second) ++family_size_[isa::family_of(node.code->name)];
  }

  /// What the name says, when it names a CPU and has siblings that differ only in that.
  std::optional<std::string> said_by_name(std::uint32_t i) const {
    const ScannedCode& code = *nodes_[i].code;
    if (!code.named) return std::nullopt;
    const std::optional<isa::NameHint> hint = isa::from_name(code.name, nodes_[i].object->arch);
    if (!hint || hint->features.empty()) return std::nullopt;
    const auto family = family_size_.find(isa::family_of(code.name));
    if (family == family_size_.end() || family->second < 2) return std::nullopt;
    return fmt::format("its name says `{}`, and {} other function{} of this file differ{} in that alone", hint->token, family->second - 1,
                       family->second == 2 ? "" : "s", family->second == 2 ? "s" : "");
  }

  // --- what reaches them ------------------------------------------------------------------------------------------------

  /// A call that a test may stand before.
  bool guarded(std::uint32_t caller, std::uint32_t callee) const { return tester_[caller] && needy_[callee] && !tester_[callee]; }

  void set(std::uint32_t i, Reach::State state, Confidence confidence, std::string reason) {
    if (reach_[i].state != Reach::State::Unseen) return;
    reach_[i] = {state, confidence, std::move(reason)};
    waiting_.push_back(i);
  }

  /// The verdict flows along direct calls.
  void spread() {
    while (!waiting_.empty()) {
      const std::uint32_t i = waiting_.front();
      waiting_.pop_front();
      for (const std::uint32_t callee : nodes_[i].calls)
        if (reach_[callee].state == Reach::State::Unseen && !guarded(i, callee))
          set(callee, reach_[i].state, reach_[i].confidence, fmt::format("called by `{}`", nodes_[i].code->name));
    }
  }

  void reach_from_entries() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].resolver) set(i, Reach::State::Always, Confidence::Certain, "an ifunc's resolver: runs when the file is loaded or first called");
      if (!nodes_[i].entry || only_chosen(i)) continue;
      const bool linked = nodes_[i].object->object->kind() != artifact::Kind::ElfRelocatable;
      set(i, Reach::State::Always, Confidence::Certain, linked ? "exported, or run at start" : "global: others may call it");
    }
    // Code that needs nothing itself and is reached by pointers may be called on any CPU, unless whoever takes its address chooses.
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (own_needs_[i] || (users_[i].empty() && !held_[i])) continue;
      if (std::all_of(users_[i].begin(), users_[i].end(), [](const User& user) { return user.by == By::Other; }) && !said_by_name(i))
        set(i, Reach::State::Always, Confidence::Likely, "reached by a pointer, and needs nothing itself");
    }
    spread();
  }

  /// An entry that only a dispatcher calls, as far as this file shows: global because another file of the build defines the dispatcher.
  bool only_chosen(std::uint32_t i) const {
    if (!needy_[i] || nodes_[i].resolver) return false;
    const bool linked = nodes_[i].object->object->kind() != artifact::Kind::ElfRelocatable;
    if (said_by_name(i)) return true;
    return std::any_of(users_[i].begin(), users_[i].end(), [&](const User& user) {
      return user.by == By::Resolver || user.by == By::Tester || (!linked && user.by == By::Chooser && own_needs_[i]);
    });
  }

  void explain_the_rest() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (reach_[i].state != Reach::State::Unseen || !needy_[i]) continue;
      if (const std::optional<Reach> chosen = chosen_by(i)) chosen_.push_back({i, *chosen});
      else if (!users_[i].empty()) unknown_.push_back({i, fmt::format("only by pointer: `{}` takes its address", nodes_[users_[i].front().node].code->name)});
      else if (held_[i]) unknown_.push_back({i, "only by pointer: a table holds its address"});
      else if (callers_[i].empty()) unknown_.push_back({i, "nothing here is seen to reach it"});
    }
    for (auto& [i, reason] : unknown_) set(i, Reach::State::Unknown, Confidence::Possible, reason);
    spread();
    for (auto& [i, reach] : chosen_) set(i, reach.state, reach.confidence, reach.reason);
    spread();
    // Called only by code that nothing is seen to reach and that needs nothing but this.
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
      if (reach_[i].state == Reach::State::Unseen && needy_[i])
        set(i, Reach::State::Unknown, Confidence::Possible, "called only by code that nothing here is seen to reach");
    spread();
    for (Reach& reach : reach_)
      if (reach.state == Reach::State::Unseen) reach = {Reach::State::Unknown, Confidence::Possible, "nothing here is seen to reach it"};
  }

  std::optional<Reach> chosen_by(std::uint32_t i) const {
    using State = Reach::State;
    const std::vector<User>& users = users_[i];
    const auto by = [&users](By kind) { return std::find_if(users.begin(), users.end(), [kind](const User& user) { return user.by == kind; }); };
    if (const auto user = by(By::Resolver); user != users.end())
      return Reach{State::Dispatched, Confidence::Certain, fmt::format("chosen by the resolver `{}` of an ifunc", nodes_[user->node].code->name)};
    if (const auto user = by(By::Tester); user != users.end())
      return Reach{State::Dispatched, Confidence::Likely,
                   fmt::format("its address is taken by `{}`, which {}", nodes_[user->node].code->name, test_[user->node])};
    for (const std::uint32_t caller : callers_[i])
      if (guarded(caller, i))
        return Reach{State::Dispatched, Confidence::Likely, fmt::format("called by `{}`, which {}", nodes_[caller].code->name, test_[caller])};
    if (const std::optional<std::string> name = said_by_name(i)) return Reach{State::Dispatched, Confidence::Likely, *name};
    if (const auto user = by(By::Chooser); user != users.end())
      return Reach{State::Dispatched, Confidence::Possible,
                   fmt::format("its address is taken by `{}`, beside those of functions for other CPUs", nodes_[user->node].code->name)};
    return std::nullopt;
  }

  /// Code that tests the CPU and goes on in the same function: what stands behind the test and a condition is guarded by it.
  void guard_testers() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (!tester_[i] || !own_needs_[i] || reach_[i].state == Reach::State::Dispatched) continue;
      ScannedCode& code = *nodes_[i].code;
      const std::vector<std::uint64_t> conditions = isa::references_of(nodes_[i].object->arch, code.bytes, code.address).conditions;
      const auto condition = std::upper_bound(conditions.begin(), conditions.end(), code.asks_cpu.value_or(0));
      code.guarded = isa::FeatureSet(nodes_[i].object->arch);
      if (condition == conditions.end()) continue;
      for (const isa::Witness& witness : code.own.witnesses)
        if (witness.offset > *condition) code.guarded.add(witness.feature);
      if (!code.guarded.empty()) reach_[i].reason += fmt::format("; it {}, and uses them behind a condition", test_[i]);
    }
  }

  void write() {
    for (std::size_t object = 0; object < objects_.size(); ++object)
      for (std::size_t i = 0; i < objects_[object].code.size(); ++i) {
        ScannedCode& code = objects_[object].code[i];
        const std::uint32_t node = program_.node_of(object, i);
        code.reach = reach_[node];
        code.guarded = nodes_[node].code->guarded;
      }
  }

  std::span<ScannedObject> objects_;
  Program program_;
  std::vector<Node>& nodes_;
  std::vector<bool> needy_, own_needs_;        ///< above the baseline: with calls, itself
  std::vector<bool> asks_, tester_, chooser_, held_;
  std::vector<std::string> test_;              ///< how a tester tests
  std::vector<std::vector<User>> users_;       ///< who takes its address
  std::vector<std::vector<std::uint32_t>> callers_;
  std::map<std::string, unsigned> family_size_;
  std::vector<Reach> reach_;
  std::deque<std::uint32_t> waiting_;
  std::vector<std::pair<std::uint32_t, Reach>> chosen_;
  std::vector<std::pair<std::uint32_t, std::string>> unknown_;
};

}  // namespace

void find_dispatch(std::span<ScannedObject> objects) { Analysis(objects).run(); }

FileNeeds needs_of_file(std::span<const ScannedObject> objects) {
  FileNeeds needs;
  for (const ScannedObject& object : objects) {
    if (needs.always.arch() == isa::Arch::Unknown) needs.always = needs.unknown = needs.all = isa::FeatureSet(object.arch);
    for (const ScannedCode& code : object.code) {
      if (code.is_data()) continue;
      needs.all.add(code.own.features);
      if (code.reach.state == Reach::State::Always) needs.always.add(code.own.features.minus(code.guarded));
      else if (code.reach.state == Reach::State::Unknown) needs.unknown.add(code.own.features.minus(code.guarded));
    }
  }
  return needs;
}

std::string_view name_of(Reach::State state) {
  switch (state) {
    case Reach::State::Always: return "always";
    case Reach::State::Dispatched: return "dispatched";
    case Reach::State::Unknown:
    case Reach::State::Unseen: break;
  }
  return "unknown";
}

}  // namespace linkdx::scan
