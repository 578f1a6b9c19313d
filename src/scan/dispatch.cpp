// Which code always runs, and which only where the CPU has what it needs.
//
// A library that holds AVX-512 code need not need AVX-512: a dispatcher asks the CPU and picks. What can be
// shown of that without running it is a chain: code that asks (questions.cpp), and the functions whose
// addresses such code takes or that it calls behind the question. The other chain begins at what outsiders
// run (constructors, resolvers, exported and global functions that are not themselves kernels for a CPU) and
// follows direct calls. What the second chain reaches without passing through the first always runs.
//
// Verdicts, from the strongest claim to the weakest: `always`, `unknown` (reached by pointers, offered to
// callers under a CPU's name, or reached by nothing that is seen), `dispatched`. A function with two verdicts
// has the stronger one, so `dispatched` is said only where every way that is seen leads through a choice.
// Whether the choice asks for the right feature is not looked at.
#include <algorithm>
#include <deque>
#include <set>

#include <fmt/format.h>
#include <llvm/Demangle/Demangle.h>
#include <llvm/ADT/StringRef.h>

#include "questions.hpp"
#include "linkdx/language.hpp"
#include "ways.hpp"

namespace linkdx::scan {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alnum(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

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
    find_asking_files();
    find_choosers();
    find_users();
    find_written_for_cpu();
    name_families();
    reach_from_entries();
    explain_the_rest();
    guard_testers();
    write();
  }

 private:
  // --- what nodes are ----

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
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (!needy_[i] || !nodes_[i].code->named) continue;
      const std::string& name = nodes_[i].code->name;
      const std::optional<isa::NameHint> hint = isa::from_name(name, nodes_[i].object->arch);
      if (!hint || hint->features.empty()) continue;
      if (name.ends_with("_" + hint->family)) ++variants_[hint->family];
    }
    names_.resize(nodes_.size());
    for (std::size_t object = 0; object < objects_.size(); ++object)
      for (std::size_t i = 0; i < objects_[object].code.size(); ++i)
        if (objects_[object].code[i].named)
          names_[program_.node_of(object, i)].push_back(&objects_[object].code[i]);
  }

  /// What the name says, when it names a CPU and has siblings that differ only in that.
  std::optional<std::string> said_by_name(std::uint32_t i) const {
    const ScannedCode& code = *nodes_[i].code;
    if (!code.named) return std::nullopt;
    const std::optional<isa::NameHint> hint = isa::from_name(code.name, nodes_[i].object->arch);
    if (!hint || hint->features.empty()) return std::nullopt;
    const auto family = family_size_.find(isa::family_of(code.name));
    if (family == family_size_.end() || family->second < 2) return std::nullopt;
    const std::size_t others = family->second - 1;
    return others == 1 ? say("its name says `{}`, and {} other function of this file differs in that alone",
                             hint->token, others)
                       : say("its name says `{}`, and {} other functions of this file differ in that alone",
                             hint->token, others);
  }

  // --- what reaches them ----

  /// How a call stands to a test of the CPU in the same function.
  enum class Stands { Free, Unclear, Guarded };
  Stands stands(std::uint32_t caller, const Use& call) const {
    if (!needy_[call.index] || questions_.asked_by(call.index)) return Stands::Free;
    // Who asks only after it has called cannot have called because of the answer.
    if (questions_.asked_by(caller) && ways_of(caller).may_lead(questions_.at(caller), call.at))
      return stands(caller, call.at);
    // Who needs the same itself has stopped before.
    const isa::FeatureSet needs = above_baseline(nodes_[call.index].code->own.features);
    if (!needs.empty() && nodes_[caller].code->own.features.contains(needs)) return Stands::Free;
    return asking_files_.contains(file_of(caller)) && is_option(caller, call) ? Stands::Unclear
                                                                              : Stands::Free;
  }
  /// Code lies roughly in the order in which it runs, but a compiler may move a branch up: before the
  /// question, only what no condition stands before is sure to run, and what no way through the function can
  /// miss. The condition itself may be what leads there.
  Stands stands(std::uint32_t asker, std::uint64_t at) const {
    const std::vector<std::uint64_t>& conditions = ways_of(asker).conditions();
    if (conditions.empty() || at < conditions.front() || !ways_of(asker).can_miss(at)) return Stands::Free;
    const auto behind = std::upper_bound(conditions.begin(), conditions.end(), questions_.at(asker));
    return behind != conditions.end() && at >= *behind ? Stands::Guarded : Stands::Unclear;
  }
  /// A call behind a condition, in a file that asks the CPU elsewhere: the caller may have been told the
  /// answer, by an argument or in a structure. It looks so where there is something else to do instead, and
  /// where the callee is a kernel by its name, or has none.
  bool is_option(std::uint32_t caller, const Use& call) const {
    const Ways& ways = ways_of(caller);
    if (ways.conditions().empty() || call.at < ways.conditions().front() || !ways.can_miss(call.at))
      return false;
    return !nodes_[call.index].code->named || !written_[call.index].empty() || names_cpu(call.index) ||
           ways.has_alternative(call.at);
  }
  const Ways& ways_of(std::uint32_t i) const {
    const auto found = ways_.find(i);
    if (found != ways_.end()) return found->second;
    std::vector<std::uint32_t> own_parts;
    for (const Use& call : nodes_[i].calls)
      if (nodes_[call.index].code->name.find(".cold") != std::string::npos) own_parts.push_back(call.at);
    const ScannedCode& code = *nodes_[i].code;
    std::vector<isa::Branch> leaving;
    for (const isa::Branch& branch : code.branches)
      if (branch.target - code.address >= code.bytes.size() || is_relocated(i, branch.field))
        leaving.push_back(branch);
    return ways_.emplace(i, Ways(nodes_[i].object->arch, code, leaving, own_parts)).first->second;
  }
  bool is_relocated(std::uint32_t i, std::uint64_t field) const {
    const artifact::Object& object = *nodes_[i].object->object;
    if (is_linked(object)) return false;
    const auto found = relocations_.try_emplace(nodes_[i].object, object).first;
    return found->second.all().contains(Place{nodes_[i].code->section, nodes_[i].code->address + field});
  }
  /// An archive or a linked file; objects that are files of their own count as one.
  std::string_view file_of(std::uint32_t i) const { return files_.at(nodes_[i].object); }
  void find_asking_files() {
    for (const ScannedObject& object : objects_) {
      std::string label = object.object->label();
      const std::string_view member = object.object->member();
      if (!member.empty())
        label.resize(label.size() - member.size() - 2);
      else if (!is_linked(*object.object))
        label.clear();
      files_.emplace(&object, std::move(label));
    }
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
      if (questions_.asked_by(i) || nodes_[i].resolver) asking_files_.insert(file_of(i));
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
              call.at < nodes_[i].code->bytes.size() ? say("called by `{}`", nodes_[i].code->name)
                                                     : say("`{}` goes on into it", nodes_[i].code->name),
              Way::Called, nodes_[i].code);
    }
  }

  /// A function that takes vectors in registers that the baseline lacks (x86-64 psABI, 3.2.3): who calls it
  /// was compiled for them. Its first instruction above the baseline reads such a register, which nothing
  /// before can have written; or it has no branches and is VZEROUPPER, in a function that hands them on.
  bool takes_wide_vectors(std::uint32_t i) const {
    if (!own_needs_[i] || nodes_[i].object->arch != isa::Arch::X86_64) return false;
    const isa::FeatureSet baseline = isa::baseline(isa::Arch::X86_64);
    const isa::Witness* first = nullptr;
    for (const isa::Witness& witness : nodes_[i].code->own.witnesses)
      if (!baseline.has(witness.feature) && (first == nullptr || witness.offset < first->offset))
        first = &witness;
    if (first == nullptr ||
        !isa::surely_within(isa::Arch::X86_64, nodes_[i].code->bytes.first(first->offset), baseline))
      return false;
    const std::string_view text = first->disassembly;
    if (text == "vzeroupper") return ways_of(i).conditions().empty();
    const std::size_t sources = text.find(',');
    if (sources == std::string_view::npos) return false;
    // `vpxor ymm1, ymm1, ymm1` reads nothing.
    const std::string_view target = text.substr(text.find(' ') + 1, sources - text.find(' ') - 1);
    for (std::size_t at = text.find("mm", sources); at != std::string_view::npos;
         at = text.find("mm", at + 1)) {
      const std::string_view source = text.substr(at - 1, text.find_first_of(",] {", at) - at + 1);
      if (source.size() > 3 && is_digit(source[3]) && source.front() != 'x' && source != target) return true;
    }
    return false;
  }

  /// Nothing calls it but what needs the same, and functions so short that they only lead to it.
  bool has_callers_alike(std::uint32_t i) const {
    constexpr std::size_t leads_on = 10;  // bytes: ENDBR64 and a jump
    const isa::FeatureSet needs = above_baseline(nodes_[i].code->own.features);
    return std::all_of(callers_[i].begin(), callers_[i].end(), [&](const Caller& caller) {
      const ScannedCode& code = *nodes_[caller.node].code;
      return code.bytes.size() <= leads_on || code.own.features.contains(needs);
    });
  }

  void reach_from_entries() {
    using State = Reach::State;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
      if (takes_wide_vectors(i) && has_callers_alike(i) && !nodes_[i].resolver)
        set(i, State::Unknown, Confidence::Likely,
            say("it takes vectors from its callers that only code compiled for them passes"));
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].resolver)
        set(i, State::Always, Confidence::Certain,
            say("an ifunc's resolver: runs when the file is loaded or first called"));
      if (nodes_[i].start)
        set(i, State::Always, Confidence::Certain, say("runs when the file is loaded"), Way::Start);
      if (!nodes_[i].begins.empty())
        set(i, State::Always, Confidence::Certain, say(nodes_[i].begins), Way::Other);
      if (nodes_[i].entry && !left_to_choice(i))
        set(i, State::Always, Confidence::Certain,
            is_linked(*nodes_[i].object->object) ? say("exported") : say("global: others may call it"),
            Way::Offered);
    }
    spread();
  }

  /// An entry that need not run because others can call it: a kernel among kernels, of which the caller picks
  /// one.
  bool left_to_choice(std::uint32_t i) const {
    if (!needy_[i] || nodes_[i].resolver) return false;
    if (said_by_name(i) || names_cpu(i)) return true;
    if (chosen_here(i)) return true;
    // Members of an archive must be global to reach one another. Those that need something and that others
    // here use are told by these.
    if (!is_linked(*nodes_[i].object->object)) {
      if (!users_[i].empty() || held_[i] || !callers_[i].empty()) return true;
    } else if (is_only_optional(i)) {
      return true;
    }
    return !written_[i].empty();
  }

  /// Exported as everything else is, and used here only by callers that do not always call it, or that need
  /// the same.
  bool is_only_optional(std::uint32_t i) const {
    const isa::FeatureSet needs = above_baseline(nodes_[i].code->own.features);
    return !callers_[i].empty() &&
           std::none_of(callers_[i].begin(), callers_[i].end(), [&](const Caller& caller) {
             const bool same = !needs.empty() && nodes_[caller.node].code->own.features.contains(needs);
             return !same && stands(caller.node, {i, caller.at}) == Stands::Free;
           });
  }

  /// Code that no compiler makes by itself was written for a CPU. Where the file asks for CPUs at all, it is
  /// meant for those who asked, and so is a function that cannot but call it: there is nothing else that it
  /// could do.
  void find_written_for_cpu() {
    written_.resize(nodes_.size());
    std::vector<std::uint32_t> waiting;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (!own_needs_[i] || !asking_files_.contains(file_of(i))) continue;
      const std::vector<std::string> needs =
          above_baseline(deliberate_in(nodes_[i].code->own.features)).names();
      if (needs.empty()) continue;
      written_[i] = needs.front();
      waiting.push_back(i);
    }
    while (!waiting.empty()) {
      const std::uint32_t callee = waiting.back();
      waiting.pop_back();
      for (const Caller& caller : callers_[callee]) {
        if (!written_[caller.node].empty() || !asking_files_.contains(file_of(caller.node)) ||
            ways_of(caller.node).can_miss(caller.at))
          continue;
        written_[caller.node] = written_[callee];
        waiting.push_back(caller.node);
      }
    }
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
    for (const ScannedCode* code : names_[i])
      if (std::optional<std::string> said = name_says_cpu(i, code->name)) return said;
    const std::string_view member = nodes_[i].object->object->member();
    const std::optional<isa::NameHint> hint =
        isa::from_name(member.substr(0, member.rfind('.')), nodes_[i].object->arch);
    if (hint && !hint->features.empty()) return say("the name of its file says `{}`", hint->token);
    return std::nullopt;
  }

  std::optional<std::string> name_says_cpu(std::uint32_t i, const std::string& name) const {
    const std::optional<isa::NameHint> hint = isa::from_name(name, nodes_[i].object->arch);
    if (hint && !hint->features.empty()) return say("its name says `{}`", hint->token);
    // A word that alone may mean something else (`sse`) does not beside siblings that differ in that word,
    // nor where what the code needs has that word in its name.
    const std::string family = isa::family_of(name);
    const auto siblings = family_size_.find(family);
    if (family != name && siblings != family_size_.end() && siblings->second > 1)
      return siblings->second == 2
                 ? say("{} other function of this file differs from it in the word for a CPU", 1)
                 : say("{} other functions of this file differ from it in the word for a CPU",
                       siblings->second - 1);
    if (const std::string word = family == name ? std::string() : word_of_needs(i, name); !word.empty())
      return say("its name says `{}`", word);
    // A word glued to a number: `sin_u10avx`, which needs AVX.
    const isa::FeatureSet needs = above_baseline(nodes_[i].code->own.features);
    for (std::size_t at = name.size(); at-- > 1 && is_alnum(name[at]);) {
      if (!is_digit(name[at - 1]) || is_digit(name[at])) continue;
      const std::optional<isa::NameHint> glued =
          isa::from_name("x_" + name.substr(at), nodes_[i].object->arch);
      if (glued && !glued->features.empty() &&
          (needs.contains(glued->features) || isa::with_implied(glued->features).contains(needs)))
        return say("its name ends in `{}`", name.substr(at));
    }
    if (const std::size_t size = name.find_first_of('_'); size != std::string::npos && size > 0)
      // Of a row of functions that begin with the words for CPUs, one begins with a word of the project's own
      // (`core2_run`).
      if (const auto variants = variants_.find(name.substr(size + 1));
          variants != variants_.end() && variants->second > 1)
        return say("{} functions of this file have the word for a CPU where it has `{}`", variants->second,
                   name.substr(0, size));
    return std::nullopt;
  }

  /// A word for a CPU that stands in the name and in that of a feature which the code needs: `sse` of ssse3.
  std::string word_of_needs(std::uint32_t i, const std::string& name) const {
    const std::vector<std::string> needs = above_baseline(nodes_[i].code->own.features).names();
    const std::string text = llvm::StringRef(llvm::demangle(name)).lower();
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    for (auto begin = std::find_if(text.begin(), text.end(), is_letter); begin != text.end();) {
      const auto end = std::find_if_not(begin, text.end(), is_letter);
      const std::string word(begin, end);
      const bool needed = std::any_of(needs.begin(), needs.end(), [&word](const std::string& feature) {
        return feature.find(word) != std::string::npos;
      });
      if (needed && word.size() > 2 && isa::family_of("x_" + word) == "x") return word;
      begin = std::find_if(end, text.end(), is_letter);
    }
    return {};
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
            say("called only by code that nothing here is seen to reach"));
    spread();
    for (Reach& reach : reach_)
      if (reach.state == Reach::State::Unseen)
        reach = {Reach::State::Unknown, Confidence::Possible, say("nothing here is seen to reach it")};
  }

  std::optional<std::string> why_unknown(std::uint32_t i) const {
    if (nodes_[i].entry)
      if (const std::optional<std::string> name = names_cpu(i))
        return say("others may call it, and {}: whether they ask the CPU is not seen", *name);
    if (nodes_[i].entry && !written_[i].empty())
      return say("others may call it, and it was written for CPUs with {}: whether they ask is not seen",
                 written_[i]);
    if (!users_[i].empty())
      return say("only by pointer: `{}` takes its address", nodes_[users_[i].front().node].code->name);
    if (held_[i]) return say("only by pointer: a table holds its address");
    for (const auto& [caller, at] : callers_[i]) {
      if (stands(caller, {i, at}) != Stands::Unclear) continue;
      return questions_.asked_by(caller)
                 ? say("called by `{}`, which {}, but not surely behind that", nodes_[caller].code->name,
                       questions_.how(caller))
                 : say("called by `{}` behind a condition, which may be what others asked the CPU",
                       nodes_[caller].code->name);
    }
    if (callers_[i].empty()) return say("nothing here is seen to reach it");
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
                   say("chosen by the resolver `{}` of an ifunc", nodes_[user->node].code->name)};
    if (const auto user = by(By::Tester); user != users.end())
      return Reach{State::Dispatched, Confidence::Likely,
                   say("its address is taken by `{}`, which {}", nodes_[user->node].code->name,
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
                   say("called by `{}`, which {}", nodes_[guard].code->name, questions_.how(guard))};
    // Where nothing here uses it, it is offered to others.
    const bool offered = nodes_[i].entry && users.empty() && callers_[i].empty() && !held_[i];
    if (const std::optional<std::string> name = said_by_name(i); name && !offered)
      return Reach{State::Dispatched, Confidence::Likely, *name};
    if (const auto user = by(By::Chooser); user != users.end())
      return Reach{State::Dispatched, Confidence::Possible,
                   say("its address is taken by `{}`, beside those of functions for other CPUs",
                       nodes_[user->node].code->name)};
    return std::nullopt;
  }

  /// Code that tests the CPU and goes on in the same function: what stands behind the test and a condition is
  /// guarded by it. Of each feature the first instruction is looked at.
  void guard_testers() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (!questions_.asked_by(i) || !own_needs_[i] || reach_[i].state == Reach::State::Dispatched) continue;
      ScannedCode& code = *nodes_[i].code;
      code.guarded = code.unsure = isa::FeatureSet(nodes_[i].object->arch);
      for (const isa::Witness& witness : code.own.witnesses) {
        // To try LZCNT is to ask, too: where it is not known it is BSR (Intel SDM, vol. 2, LZCNT).
        const bool tried = nodes_[i].code->asks_cpu && harmless_in(code.own.features).has(witness.feature);
        const Stands how = tried ? Stands::Unclear : stands(i, witness.offset);
        if (how != Stands::Free) (how == Stands::Guarded ? code.guarded : code.unsure).add(witness.feature);
      }
      if (!code.guarded.empty())
        reach_[i].reason =
            say("{}; it {}, and uses them behind a condition", reach_[i].reason, questions_.how(i));
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
  std::vector<std::string> written_;      ///< the feature that it was written for; empty for others
  std::vector<std::vector<User>> users_;  ///< who takes its address
  struct Caller {
    std::uint32_t node, at;
  };
  std::vector<std::vector<Caller>> callers_;
  mutable std::unordered_map<std::uint32_t, Ways> ways_;
  mutable std::unordered_map<const ScannedObject*, Relocations> relocations_;
  std::unordered_map<const ScannedObject*, std::string> files_;
  std::set<std::string_view> asking_files_;
  std::map<std::string, unsigned> family_size_;
  std::map<std::string, unsigned> variants_;  ///< of a name: functions called so behind a word for a CPU
  std::vector<std::vector<const ScannedCode*>> names_;  ///< of each node: all names of the function
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
