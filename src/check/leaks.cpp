// Which functions above the baseline run where nobody asked the CPU.
//
// scan/ says of every function whether it always runs, is chosen by a dispatcher, or cannot be told. To that
// this file adds what only a link knows. An inline function, a template's instance or a weak function is
// compiled into every object that uses it, and the linker keeps one copy: when one of these objects was
// compiled for more features and its copy is the one kept, all the others run it. And in a program of which
// all inputs are known, what nothing refers to does not run.
#include "leaks.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "linkdx/language.hpp"
#include "linkdx/link.hpp"

namespace linkdx::check {
namespace {

using scan::Reach;
using scan::ScannedCode;
using scan::ScannedObject;

/// What starts a thread: the function that it runs is given by its address.
constexpr std::string_view thread_starters[] = {"pthread_create", "thrd_create",
                                                "_ZNSt6thread15_M_start_thread"};

class Finder {
 public:
  Finder(const Scope& scope, const Code& code) : scope_(scope), code_(code) {}

  Leaks run() {
    for (const ScannedObject& object : code_.scanned) look_at(object);
    for (const auto& file : code_.linked) look_at(file.front());
    return std::move(result_);
  }

 private:
  void look_at(const ScannedObject& object) {
    const ScannedCode* previous = nullptr;
    for (const ScannedCode& code : object.code) {
      // Several names of one function are one function.
      const bool again = previous != nullptr && previous->section == code.section &&
                         previous->address == code.address && previous->bytes.size() == code.bytes.size();
      if (again || code.is_data()) continue;
      previous = &code;
      const isa::FeatureSet above = scope_.above(code.own.features.minus(code.guarded).minus(code.unsure));
      if (!above.empty()) judge(object, code, above);
    }
  }

  void judge(const ScannedObject& object, const ScannedCode& code, const isa::FeatureSet& above) {
    Leak leak{.object = &object, .code = &code, .above = above};
    for (const isa::Witness& witness : code.own.witnesses)
      if (above.has(witness.feature)) {
        leak.witness = witness;
        break;
      }
    if (leak.witness.feature.empty() && !code.own.witnesses.empty()) leak.witness = code.own.witnesses.back();
    const Definition* own = own_definition(code);
    if (!kept(object, code, own)) return left_out(std::move(leak), own);
    const bool copy = own != nullptr && find_lesser_copies(*own, leak);
    leak.caller = code.reach.by;
    switch (code.reach.state) {
      case Reach::State::Dispatched:
        // A table with functions for different CPUs may be a choice, and may be a vtable. And a test of the
        // CPU somewhere before a call says nothing of a function of which the caller's object has a copy of
        // its own, for the baseline.
        if (copy && (!leak.order_unknown || !is_chosen(code.reach)))
          judge_undecided(std::move(leak), own, copy);
        return;
      case Reach::State::Always:
        if (!runs(object, code)) return;
        leak.kind = copy ? Leak::Kind::Copy : kind_of_running(object, code);
        leak.how = how_it_runs(object, code);
        result_.leaks.push_back(std::move(leak));
        return;
      case Reach::State::Unknown:
      case Reach::State::Unseen:
        return judge_undecided(std::move(leak), own, copy);
    }
  }

  const Definition* own_definition(const ScannedCode& code) const {
    const auto all = code_.definitions.find(code.name);
    if (all == code_.definitions.end()) return nullptr;
    for (const Definition& one : all->second)
      if (one.code == &code) return &one;
    return nullptr;
  }

  bool kept(const ScannedObject& object, const ScannedCode& code, const Definition* own) const {
    return own != nullptr ? own->kept : scope_.keeps(*object.object, code.section);
  }

  /// Copies that need less. Only copies that a linker chooses from count: weak ones, and those of a COMDAT
  /// group.
  bool find_lesser_copies(const Definition& own, Leak& leak) const {
    if (own.symbol.binding == artifact::Binding::Global && scope_.replay == nullptr) return false;
    for (const Definition& other : code_.definitions.at(own.symbol.name)) {
      if (other.object == own.object) continue;
      if (!scope_.above(other.code->own.features).contains(leak.above)) leak.others.push_back(other);
    }
    leak.order_unknown = scope_.replay == nullptr;
    if (!leak.others.empty() && leak.order_unknown) {
      leak.severity = Severity::Warning;
      leak.confidence = Confidence::Likely;
    }
    return !leak.others.empty();
  }

  static bool is_chosen(const Reach& reach) {
    return reach.state == Reach::State::Dispatched && reach.confidence != Confidence::Possible;
  }

  void left_out(Leak leak, const Definition* own) {
    if (own == nullptr) return;
    // Only where the one that is kept instead needs less is there something to say.
    for (const Definition& other : code_.definitions.at(own->symbol.name))
      if (other.kept && !scope_.above(other.code->own.features).contains(leak.above))
        leak.others.push_back(other);
    if (leak.others.empty() || is_chosen(leak.code->reach)) return;
    leak.kind = Leak::Kind::Copy;
    leak.severity = Severity::Note;
    result_.avoided.push_back(std::move(leak));
  }

  void judge_undecided(Leak leak, const Definition* own, bool copy) {
    const Reach& reach = leak.code->reach;
    if (copy && (leak.order_unknown || has_users_elsewhere(*own, leak))) {
      leak.kind = Leak::Kind::Copy;
      leak.confidence = Confidence::Likely;
      if (leak.how.empty()) leak.how = reach.reason;
      result_.leaks.push_back(std::move(leak));
      return;
    }
    if (reach.way == Reach::Way::Pointer && reach.by != nullptr && starts_thread(*reach.by)) {
      leak.kind = Leak::Kind::Main;
      leak.confidence = Confidence::Likely;
      const std::string name = link::demangle(reach.by->name);
      const ScannedObject& home = code_.home_of(*reach.by);
      leak.how = &home == leak.object ? say("`{}` starts a thread with it", name)
                                      : say("`{}` in {} starts a thread with it", name, home.object->label());
      result_.leaks.push_back(std::move(leak));
      return;
    }
    if (reach.way == Reach::Way::Pointer && scope_.whole_program() && !code_.something_asks &&
        is_used(*leak.object, *leak.code)) {
      leak.kind = Leak::Kind::Running;
      leak.severity = Severity::Warning;
      leak.confidence = Confidence::Likely;
      leak.how = say("{}, and nothing in this link asks what the CPU has", reach.reason);
      result_.leaks.push_back(std::move(leak));
      return;
    }
    if (is_chosen(reach)) return;
    if (!scope_.whole_program() || is_used(*leak.object, *leak.code)) {
      leak.how = reach.reason;
      result_.undecided.push_back(std::move(leak));
    }
  }

  /// Whether an object with a lesser copy uses the function, from code or data other than that copy.
  bool has_users_elsewhere(const Definition& own, Leak& leak) const {
    for (const Definition& other : leak.others)
      for (const artifact::Use& use : other.object->object->uses(other.symbol.index)) {
        const bool itself = use.section == other.symbol.section;
        // Another copy stands for code that is left out; a vtable that is left out has its like in the
        // output.
        const bool gone =
            use.section_name.starts_with(".text") && !scope_.keeps(*other.object->object, use.section);
        if (itself || gone || use.section_name.starts_with(".eh_frame") ||
            use.section_name.starts_with(".debug"))
          continue;
        const std::string label = other.object->object->label();
        leak.how = use.function.empty() ? say("{} uses it by a table", label)
                                        : say("{} uses it in `{}`", label, link::demangle(use.function));
        return true;
      }
    static_cast<void>(own);
    return false;
  }

  bool starts_thread(const ScannedCode& code) const {
    const artifact::Object& object = *code_.home_of(code).object;
    bool found = false;
    object.visit_symbols([&](const artifact::Symbol& symbol) {
      if (found || symbol.state != artifact::State::Undefined) return;
      for (const std::string_view starter : thread_starters) {
        if (!symbol.name.starts_with(starter)) continue;
        for (const artifact::Use& use : object.uses(symbol.index)) found = found || use.function == code.name;
      }
    });
    return found;
  }

  /// Whether something in the link refers to the function, or it is what a program begins with.
  bool is_used(const ScannedObject& object, const ScannedCode& code) {
    if (code.reach.way == Reach::Way::Start || code.name == "main" || code.name == "_start") return true;
    if (code.name == scope_.plan->entry) return true;
    if (referred_to_.empty()) {
      const auto add = [this](const artifact::Object& each) {
        each.visit_symbols([this](const artifact::Symbol& symbol) {
          if (symbol.state == artifact::State::Undefined) referred_to_.insert(symbol.name);
        });
      };
      for (const artifact::Object* each : scope_.replay->linked) add(*each);
      referred_to_.insert("main");
    }
    if (referred_to_.contains(code.name)) return true;
    const auto all = code_.definitions.find(code.name);
    if (all == code_.definitions.end()) return true;  // local: the object's own relocations told
    for (const Definition& definition : all->second)
      for (const artifact::Use& use : definition.object->object->uses(definition.symbol.index))
        if (use.section != definition.symbol.section && !use.section_name.starts_with(".eh_frame") &&
            !use.section_name.starts_with(".debug"))
          return true;
    static_cast<void>(object);
    return false;
  }

  /// In a whole program, code that others could call and none does is not run, nor what only such code calls.
  bool runs(const ScannedObject& object, const ScannedCode& code) {
    if (!scope_.whole_program() || is_linked_file(object)) return true;
    const ScannedCode& root = root_of(code);
    return root.reach.way != Reach::Way::Offered || is_used(code_.home_of(root), root);
  }

  static bool is_linked_file(const ScannedObject& object) {
    return object.object->kind() != artifact::Kind::ElfRelocatable;
  }

  static const ScannedCode& root_of(const ScannedCode& code) {
    const ScannedCode* at = &code;
    for (unsigned steps = 0; at->reach.by != nullptr && at->reach.way == Reach::Way::Called && steps < 1000;
         ++steps)
      at = at->reach.by;
    return *at;
  }

  Leak::Kind kind_of_running(const ScannedObject& object, const ScannedCode& code) const {
    const ScannedCode& root = root_of(code);
    if (root.reach.way == Reach::Way::Start) return Leak::Kind::Constructor;
    if (code.name == "main") return Leak::Kind::Main;
    const ScannedCode* caller = code.reach.by;
    if (caller == nullptr || code.reach.way != Reach::Way::Called) return Leak::Kind::Running;
    const bool baseline_caller = scope_.above(caller->own.features).empty();
    const std::optional<isa::NameHint> hint = isa::from_name(code.name, scope_.arch);
    const bool kernel = hint && !hint->features.empty();
    return baseline_caller && (&code_.home_of(*caller) != &object || kernel) ? Leak::Kind::Call
                                                                             : Leak::Kind::Running;
  }

  std::string how_it_runs(const ScannedObject& object, const ScannedCode& code) const {
    const Reach& reach = code.reach;
    if (reach.way != Reach::Way::Called || reach.by == nullptr) return reach.reason;
    const std::string name = link::demangle(reach.by->name);
    std::string text = &code_.home_of(*reach.by) == &object
                           ? say("called by `{}`", name)
                           : say("called by `{}` in {}", name, code_.home_of(*reach.by).object->label());
    const ScannedCode& root = root_of(code);
    if (root.reach.way == Reach::Way::Start && &root != reach.by)
      text = say("{}, for `{}`, which runs when the file is loaded", text, link::demangle(root.name));
    else if (root.reach.way == Reach::Way::Start)
      text = say("{}, which runs when the file is loaded", text);
    return text;
  }

  const Scope& scope_;
  const Code& code_;
  Leaks result_;
  std::set<std::string_view> referred_to_;
};

}  // namespace

Leaks find_leaks(const Scope& scope, const Code& code) {
  return Finder(scope, code).run();
}

std::string crate_of(std::string_view symbol) {
  if (!symbol.starts_with("_R") && !symbol.starts_with("_ZN")) return {};
  std::string name = link::demangle(symbol);
  if (name == symbol) return {};
  const bool legacy_rust =
      symbol.starts_with("_ZN") && symbol.size() > 20 && symbol.substr(symbol.size() - 20).starts_with("17h");
  if (!symbol.starts_with("_R") && !legacy_rust) return {};
  std::size_t begin = name.find_first_not_of("<&*( ");
  if (begin == std::string::npos) return {};
  if (std::string_view(name).substr(begin).starts_with("mut ")) begin += 4;
  const std::size_t end = name.find("::", begin);
  return end == std::string::npos ? std::string() : name.substr(begin, end - begin);
}

}  // namespace linkdx::check
