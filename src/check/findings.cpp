// What is said of leaks: one finding for the functions of one object that have one reason, because one file
// that was compiled with one flag too many holds a hundred of them. The first is named in the title, some in
// the evidence with their instructions, all in the list of symbols.
#include "findings.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <llvm/Support/xxhash.h>

#include "linkdx/language.hpp"
#include "linkdx/link.hpp"
#include "pinning.hpp"

namespace linkdx::check {
namespace {

constexpr std::size_t shown_functions = 8;

using Kind = Leak::Kind;

std::string_view code_of(Kind kind) {
  switch (kind) {
    case Kind::Copy:
      return "LDX7002";
    case Kind::Constructor:
      return "LDX7003";
    case Kind::Call:
      return "LDX7004";
    case Kind::Main:
      return "LDX7005";
    case Kind::Running:
      break;
  }
  return "LDX7001";
}

std::string flags_text(const isa::FeatureSet& features) {
  return fmt::format("{}", fmt::join(isa::flags_for(features, isa::Tool::Gcc).arguments, " "));
}

/// `-march=x86-64-v2`, or nothing for an architecture without flags for levels.
std::string baseline_flag(const Scope& scope) {
  return fmt::format("{}", fmt::join(isa::flags_for_level(scope.baseline, scope.arch, isa::Tool::Gcc), " "));
}

/// All leaks of one finding.
struct Group {
  std::vector<const Leak*> leaks;
  const Leak& first() const { return *leaks.front(); }
};

std::string name_of_functions(const Group& group) {
  const std::string name = "`" + link::demangle(group.first().code->name) + "`";
  return group.leaks.size() > 1 ? say("{} and {} more", name, group.leaks.size() - 1) : name;
}

isa::FeatureSet above_of(const Group& group) {
  isa::FeatureSet all;
  for (const Leak* leak : group.leaks) {
    if (all.arch() == isa::Arch::Unknown) all = isa::FeatureSet(leak->above.arch());
    all.add(leak->above);
  }
  return isa::without_implied(all);
}

void add_evidence(const Group& group, Finding& finding) {
  for (std::size_t i = 0; i < group.leaks.size() && i < shown_functions; ++i) {
    const Leak& leak = *group.leaks[i];
    finding.diagnosis.evidence.push_back(
        {"disassembly", leak.object->object->label(), 0,
         leak.how.empty() ? say("{}+{:#x}: {} ({})", leak.code->name, leak.witness.offset,
                                leak.witness.disassembly, listed(leak.above))
                          : say("{}+{:#x}: {} ({}); {}", leak.code->name, leak.witness.offset,
                                leak.witness.disassembly, listed(leak.above), leak.how)});
    for (std::size_t other = 0; other < leak.others.size() && other < 2; ++other)
      finding.diagnosis.evidence.push_back(
          {"symbol-table", leak.others[other].object->object->label(), 0,
           leak.order_unknown ? say("also defines {}, without {}", leak.code->name, listed(leak.above))
           : leak.others[other].kept
               ? say("also defines {}, without {}; this copy is kept", leak.code->name, listed(leak.above))
               : say("also defines {}, without {}; this copy is left out", leak.code->name,
                     listed(leak.above))});
  }
}

fix::Fix manual_fix(std::string title, Confidence confidence, std::string why, std::string price,
                    std::string how) {
  fix::Fix fix;
  fix.title = std::move(title);
  fix.effect = fix::Effect::Prevents;
  fix.confidence = confidence;
  fix.why = std::move(why);
  fix.price = std::move(price);
  fix.apply.manual = std::move(how);
  return fix;
}

/// The object's groups made plain sections and its copies made local: it keeps its own, and nobody else gets
/// them.
fix::Fix pin_copies(const Scope& scope, const Group& group) {
  fix::Fix fix;
  fix.title = say("Make the object's copies its own before the link");
  fix.effect = fix::Effect::Prevents;
  fix.confidence = Confidence::Likely;
  fix.why = say(
      "A local function is no candidate for others: they get a copy that the baseline can run. What leads to "
      "it "
      "in the object (vtables, other inline functions) becomes local too.");
  fix.price =
      say("A step in the build, with GNU ld 2.29 or later; the copies are in the program twice, and so are "
          "static "
          "variables inside them.");
  std::vector<std::string> functions;
  for (const Leak* leak : group.leaks) functions.push_back(leak->code->name);
  const artifact::Object& object = *group.first().object->object;
  const Place place = scope.place(object);
  const std::string file = place.member.empty() ? place.path : place.member, pinned = file + ".pinned.o";
  if (!place.member.empty()) fix.apply.commands.push_back({"ar", "x", place.path, place.member});
  fix.apply.commands.push_back({"ld", "-r", "--force-group-allocation", file, "-o", pinned});
  std::vector<std::string> localize = {"objcopy"};
  for (const std::string& name : symbols_to_pin(object, functions))
    localize.push_back("--localize-symbol=" + name);
  localize.push_back(pinned);
  fix.apply.commands.push_back(std::move(localize));
  fix.apply.manual = place.member.empty() ? say("Link {} instead of {}.", pinned, file)
                                          : say("Put {} into {} instead of {}.", pinned, place.path, file);
  return fix;
}

void explain_copy(const Scope& scope, const Group& group, Finding& finding) {
  const Leak& first = group.first();
  const std::string other = first.others.front().object->object->label();
  const std::string here = first.object->object->label(), features = listed(above_of(group));
  if (first.severity == Severity::Note) {
    finding.diagnosis.title = say("another order of the inputs would keep a copy of {} that needs {}",
                                  name_of_functions(group), features);
    finding.diagnosis.explanation =
        say("This link keeps the copy of {}. The one in {} needs {}, and would be kept if that object stood "
            "first.",
            other, here, features);
  } else if (first.order_unknown) {
    finding.diagnosis.title =
        say("a copy of {} needs {}, and others do not", name_of_functions(group), features);
    finding.diagnosis.explanation = say(
        "{} and {} both define it, as an inline function, a template's instance or a weak function. A linker "
        "keeps one copy for all. If it is this one, code that was compiled for {} runs it. Which one it is "
        "depends on the order of the link; `linkdx check -- LINK COMMAND` says it.",
        here, other, scope.baseline);
  } else {
    finding.diagnosis.title =
        say("the copy of {} that this link keeps needs {}", name_of_functions(group), features);
    finding.diagnosis.explanation = say(
        "{} and {} both define it, as an inline function, a template's instance or a weak function. The "
        "linker keeps the first copy, which is that of {}, for all: {}. That copy was compiled for {}, and a "
        "machine of {} stops there with an illegal instruction.",
        here, other, here, first.how, features, scope.baseline);
  }
  finding.remedy.fixes.push_back(manual_fix(
      say("Compile that file for the baseline, and only its kernels for more"), Confidence::Certain,
      say("With `__attribute__((target(...)))` on the kernels alone, or with headers included before the "
          "target "
          "pragma, inline functions are compiled for the baseline."),
      say("Kernels may not inline such functions."),
      say("Take `{}` from the flags of the source of {}; put it on the kernels as an attribute.",
          flags_text(above_of(group)), here)));
  finding.remedy.fixes.push_back(pin_copies(scope, group));
}

void explain_constructor(const Scope& scope, const Group& group, Finding& finding) {
  finding.diagnosis.title =
      say("{} runs when the file is loaded, and needs {}", name_of_functions(group), listed(above_of(group)));
  finding.diagnosis.explanation = say(
      "Constructors of static objects run before `main`, so no test of the CPU can stand before them. On a "
      "machine of {} the program stops before it has begun.",
      scope.baseline);
  finding.remedy.fixes.push_back(manual_fix(
      say("Compile the file for the baseline, or make the object at its first use"), Confidence::Certain,
      say("A static object inside a function is made when the function first runs, behind the test that "
          "leads to "
          "it."),
      say("None that is known."),
      say("Take `{}` from the flags of that source, or move its static objects into functions.",
          flags_text(above_of(group)))));
}

void explain_call(const Scope& scope, const Group& group, Finding& finding) {
  const Leak& first = group.first();
  const std::string caller = link::demangle(first.caller->name);
  finding.diagnosis.title = say("{} needs {}, and `{}` calls it without asking the CPU",
                                name_of_functions(group), listed(above_of(group)), caller);
  finding.diagnosis.explanation = say(
      "`{}` needs no more than {} itself, and calls it directly: no test of the CPU, no ifunc and no table "
      "of "
      "functions is seen between them.",
      caller, scope.baseline);
  finding.remedy.fixes.push_back(manual_fix(
      say("Ask the CPU before the call"), Confidence::Certain, say("The kernel then runs only where it can."),
      say("A function for other CPUs is needed beside it."),
      say("In `{}`: call it behind `__builtin_cpu_supports`, or through an ifunc, and call "
          "a variant for {} otherwise.",
          caller, scope.baseline)));
}

void explain_main(const Scope& scope, const Group& group, Finding& finding) {
  finding.diagnosis.title = say("{} needs {}", name_of_functions(group), listed(above_of(group)));
  finding.diagnosis.explanation = say(
      "The program, or a thread of it, begins there ({}), and the file that holds it was compiled for more "
      "than {}: "
      "with `-march=native`, or with the flags of a kernel.",
      group.first().how, scope.baseline);
  finding.remedy.fixes.push_back(manual_fix(say("Compile that file for the baseline"), Confidence::Certain,
                                            say("Nothing in it then needs more."), say("None that is known."),
                                            say("Compile it with `{}`.", baseline_flag(scope))));
}

void explain_running(const Scope& scope, const Group& group, Finding& finding) {
  finding.diagnosis.title = say("{} needs {}, and nothing asks the CPU before it runs",
                                name_of_functions(group), listed(above_of(group)));
  const isa::FeatureSet above = above_of(group);
  const bool harmless = scan::harmless_in(above).contains(above);
  const std::string name = link::demangle(group.first().code->name);
  finding.diagnosis.explanation =
      harmless ? say("{}: {}. On a machine of {} it does not stop, but may compute something else: the "
                     "instruction is read as an older one.",
                     name, group.first().how, scope.baseline)
               : say("{}: {}. On a machine of {} it stops with an illegal instruction.", name,
                     group.first().how, scope.baseline);
  finding.remedy.fixes.push_back(
      manual_fix(say("Compile that file for the baseline"), Confidence::Likely,
                 say("Nothing in it then needs more."), say("Speed, where the features were wanted."),
                 say("Compile the source of {} with `{}`.", group.first().object->object->label(),
                     baseline_flag(scope))));
}

/// One crate was built with another target-cpu than the rest.
void explain_crate(const Scope& scope, const Group& group, const std::string& crate, Finding& finding) {
  finding.diagnosis.code = "LDX7007";
  finding.diagnosis.title =
      say("the crate `{}` was built for {}, and other crates were not", crate, listed(above_of(group)));
  finding.diagnosis.explanation = say(
      "Functions of it that others may call ({}) need {}, though their names do not say so and no test of "
      "the CPU "
      "is seen before them. Objects of other crates stay within {}: this one was compiled with "
      "another `-C target-cpu` or `-C target-feature`.",
      name_of_functions(group), listed(above_of(group)), scope.baseline);
  finding.remedy.fixes.clear();
  fix::Fix fix =
      manual_fix(say("Build all crates for the same target-cpu"), Confidence::Likely,
                 say("RUSTFLAGS holds for every crate of a build; a crate built apart has its own."),
                 say("Speed, where the features were wanted."), "");
  fix.apply.rustflags = isa::flags_for_level(scope.baseline, scope.arch, isa::Tool::Rustc);
  fix.apply.commands.push_back({"cargo", "clean", "-p", crate});
  finding.remedy.fixes.push_back(std::move(fix));
}

Finding finding_of(const Scope& scope, const Group& group, const std::string& crate) {
  const Leak& first = group.first();
  std::vector<std::string> symbols;
  for (const Leak* leak : group.leaks) symbols.push_back(leak->code->name);
  Place place = scope.place(*first.object->object);
  place.function = first.code->name;
  place.offset = first.witness.offset;
  Finding finding =
      make_finding(code_of(first), first.severity, first.confidence, std::move(place), std::move(symbols));
  switch (first.kind) {
    case Kind::Copy:
      explain_copy(scope, group, finding);
      break;
    case Kind::Constructor:
      explain_constructor(scope, group, finding);
      break;
    case Kind::Call:
      explain_call(scope, group, finding);
      break;
    case Kind::Main:
      explain_main(scope, group, finding);
      break;
    case Kind::Running:
      explain_running(scope, group, finding);
      break;
  }
  if (!crate.empty()) explain_crate(scope, group, crate, finding);
  add_evidence(group, finding);
  finding.fingerprint = fingerprint_of(finding);
  return finding;
}

/// Crates that have no leak: whether one was built for more can only be said where others were not.
bool has_clean_crates(const Scope& scope, const std::vector<Leak>& leaks) {
  std::set<const artifact::Object*> leaking;
  for (const Leak& leak : leaks) leaking.insert(leak.object->object);
  std::set<std::string> crates;
  for (const Leak& leak : leaks) crates.insert(crate_of(leak.code->name));
  for (const artifact::Object* object : scope.objects) {
    if (leaking.contains(object)) continue;
    bool clean = false;
    object->visit_symbols([&](const artifact::Symbol& symbol) {
      if (clean || symbol.state != artifact::State::Defined) return;
      const std::string crate = crate_of(symbol.name);
      clean = !crate.empty() && !crates.contains(crate);
    });
    if (clean) return true;
  }
  return false;
}

bool names_features(const Scope& scope, const Leak& leak) {
  const std::optional<isa::NameHint> hint = isa::from_name(leak.code->name, scope.arch);
  return hint && !hint->features.empty();
}

void add_groups(const Scope& scope, const std::vector<Leak>& leaks, std::vector<Finding>& findings) {
  const bool crates = std::any_of(leaks.begin(), leaks.end(),
                                  [](const Leak& leak) { return !crate_of(leak.code->name).empty(); }) &&
                      has_clean_crates(scope, leaks);
  using Key = std::tuple<const scan::ScannedObject*, Kind, Severity, const scan::ScannedCode*, std::string>;
  std::map<Key, Group> groups;
  std::vector<Key> order;
  for (const Leak& leak : leaks) {
    const bool running = leak.kind == Kind::Running || leak.kind == Kind::Call || leak.kind == Kind::Main;
    std::string crate = crates && running && !names_features(scope, leak) ? crate_of(leak.code->name) : "";
    const bool by_caller = crate.empty() && leak.kind == Kind::Call;
    Key key{leak.object, crate.empty() ? leak.kind : Kind::Running, leak.severity,
            by_caller ? leak.caller : nullptr, crate};
    auto [group, is_new] = groups.try_emplace(key);
    if (is_new) order.push_back(key);
    group->second.leaks.push_back(&leak);
  }
  for (const Key& key : order) findings.push_back(finding_of(scope, groups.at(key), std::get<4>(key)));
}

/// One note a file: what was not judged, and what shows it.
void add_undecided(const Scope& scope, const std::vector<Leak>& undecided, std::vector<Finding>& findings) {
  std::map<std::string, std::vector<const Leak*>> files;
  for (const Leak& leak : undecided) files[scope.place(*leak.object->object).path].push_back(&leak);
  for (const auto& [path, leaks] : files) {
    Group group{leaks};
    Place place{.path = path, .member = {}, .function = {}, .offset = {}};
    std::vector<std::string> symbols;
    for (const Leak* leak : leaks) symbols.push_back(leak->code->name);
    const std::size_t count = symbols.size();
    Finding finding =
        make_finding("LDX7009", Severity::Note, Confidence::Possible, std::move(place), std::move(symbols));
    finding.diagnosis.title = count == 1
                                  ? say("who runs {} function above the baseline cannot be told", count)
                                  : say("who runs {} functions above the baseline cannot be told", count);
    finding.diagnosis.explanation = say(
        "They need {}. Only pointers lead to them, or nothing that is seen does, or others may call them by "
        "names that say what they need. `--dispatch-ok` takes them for dispatched.",
        listed(above_of(group)));
    finding.diagnosis.missing_evidence.push_back(
        {say("the functions, and what leads to each"),
         fmt::format("linkdx scan --above {} --explain {}", scope.baseline, path)});
    add_evidence(group, finding);
    finding.fingerprint = fingerprint_of(finding);
    findings.push_back(std::move(finding));
  }
}

/// Names of build trees change from build to build: cargo's and rustc's hashes, 16 hexadecimal digits.
std::string without_hashes(const std::string& path) {
  std::string result;
  for (std::size_t at = 0; at < path.size();) {
    std::size_t end = at;
    while (end < path.size() && std::isxdigit(static_cast<unsigned char>(path[end])) != 0) ++end;
    if (end - at >= 16) {
      result += '*';
      at = end;
    } else {
      end = std::max(end, at + 1);
      result += path.substr(at, end - at);
      at = end;
    }
  }
  return result;
}

}  // namespace

std::string_view code_of(const Leak& leak) {
  return leak.severity == Severity::Note ? "LDX7008" : code_of(leak.kind);
}

std::string listed(const isa::FeatureSet& features) {
  const std::vector<std::string> names = isa::without_implied(features).names();
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += std::string(i == 0                  ? ""
                        : i + 1 == names.size() ? translated(N_(" and "))
                                                : translated(N_(", "))) +
            names[i];
  return text;
}

Finding make_finding(std::string_view code, Severity severity, Confidence confidence, Place place,
                     std::vector<std::string> symbols) {
  Finding finding;
  finding.diagnosis.code = code;
  finding.diagnosis.confidence = confidence;
  finding.diagnosis.symbols = std::move(symbols);
  for (const diagnose::RuleInfo& rule : diagnose::rules())
    if (rule.code == code) finding.diagnosis.cause = rule.cause;
  finding.severity = severity;
  finding.place = std::move(place);
  return finding;
}

std::string fingerprint_of(const Finding& finding) {
  std::string text = finding.diagnosis.code + "\n" + without_hashes(finding.place.label()) + "\n";
  if (finding.diagnosis.code != "LDX7009" && !finding.diagnosis.symbols.empty())
    text += without_hashes(finding.diagnosis.symbols.front());
  return fmt::format("{:016x}", llvm::xxh3_64bits(llvm::StringRef(text)));
}

std::vector<Finding> findings_of(const Scope& scope, const Leaks& leaks, bool dispatch_ok) {
  std::vector<Finding> findings;
  add_groups(scope, leaks.leaks, findings);
  add_groups(scope, leaks.avoided, findings);
  if (!dispatch_ok) add_undecided(scope, leaks.undecided, findings);
  return findings;
}

}  // namespace linkdx::check
