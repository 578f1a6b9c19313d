// Objects that are compiled at the link: LLVM's bitcode and GCC's intermediate code.
//
// There are no instructions yet to look at. What there is are the features that the object will be compiled
// for: GCC keeps its flags in the section .gnu.lto_.opts, LLVM the attribute "target-features" of each
// function, of which what all have in common comes from the flags. Each function keeps its features through
// the link, and of functions that several objects define the linker keeps the first. So a copy can be told to
// be compiled for too much, but not whether it will use it.
#include "intermediate.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "findings.hpp"
#include "linkdx/language.hpp"
#include "linkdx/link.hpp"

namespace linkdx::check {
namespace {

using artifact::Object;
using artifact::Symbol;

/// Names of the functions with which compilers initialise the static objects of a file (gcc/cp/decl2.cc,
/// clang's CodeGenModule).
constexpr std::string_view initialisers[] = {"_GLOBAL__sub_I_", "_GLOBAL__I_", "__cxx_global_var_init"};

bool is_initialiser(std::string_view name) {
  return std::any_of(std::begin(initialisers), std::end(initialisers),
                     [name](std::string_view start) { return name.starts_with(start); });
}

struct Planned {
  const Object* object = nullptr;
  isa::FeatureSet above;
  std::string said;                      ///< where the features are said, and how
  std::set<std::string_view> functions;  ///< that it defines, as far as that is known to be functions
  std::string initialiser;
};

/// `'-O2' '-mavx2'`
std::vector<std::string> quoted_words(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = text.find('\''); at != std::string_view::npos;) {
    const std::size_t end = text.find('\'', at + 1);
    if (end == std::string_view::npos) break;
    words.emplace_back(text.substr(at + 1, end - at - 1));
    at = text.find('\'', end + 1);
  }
  return words;
}

void read_gcc(const Scope& scope, Planned& planned) {
  constexpr std::string_view prefix = ".gnu.lto_";
  for (const artifact::Section& section : planned.object->sections()) {
    if (!section.name.starts_with(prefix)) continue;
    if (section.name == ".gnu.lto_.opts") {
      const std::string_view text(reinterpret_cast<const char*>(section.contents.data()),
                                  section.contents.size());
      const isa::FlagEffect effect = isa::features_of_flags(quoted_words(text), scope.arch);
      planned.above = scope.above(isa::with_implied(effect.features));
      planned.said = fmt::format("{}: {}", section.name, fmt::join(effect.flags, " "));
      continue;
    }
    // `.gnu.lto_NAME.NUMBER.HASH` holds the body of a function.
    std::string_view name = section.name.substr(prefix.size());
    for (int dots = 0; dots < 2; ++dots) name = name.substr(0, name.rfind('.'));
    if (is_initialiser(name)) planned.initialiser = name;
    planned.functions.insert(name);
  }
}

void read_bitcode(const Scope& scope, Planned& planned) {
  bool first = true;
  std::vector<std::string> common;
  for (const artifact::Declaration& said : planned.object->declarations().said) {
    if (said.kind != artifact::Declaration::Kind::TargetFeatures) continue;
    if (first) common = said.features;
    std::erase_if(common, [&](const std::string& feature) {
      return std::find(said.features.begin(), said.features.end(), feature) == said.features.end();
    });
    first = false;
  }
  isa::FeatureSet features(scope.arch);
  for (const std::string& feature : common)
    if (feature.starts_with('+')) features.add(std::string_view(feature).substr(1));
  planned.above = scope.above(isa::with_implied(features));
  planned.said = say("target-features of its functions: {}", fmt::join(common, ","));
  planned.object->visit_symbols([&](const Symbol& symbol) {
    if (symbol.type == artifact::SymbolType::Function && symbol.state == artifact::State::Defined)
      planned.functions.insert(symbol.name);
  });
  for (const Symbol& symbol : planned.object->local_symbols())
    if (is_initialiser(symbol.name)) planned.initialiser = symbol.name;
}

class Finder {
 public:
  Finder(const Scope& scope, std::vector<Finding>& findings) : scope_(scope), findings_(findings) {}

  void run() {
    for (const Object* object : scope_.intermediate) {
      Planned planned{.object = object,
                      .above = isa::FeatureSet(scope_.arch),
                      .said = {},
                      .functions = {},
                      .initialiser = {}};
      if (object->kind() == artifact::Kind::GccLto)
        read_gcc(scope_, planned);
      else
        read_bitcode(scope_, planned);
      planned_.push_back(std::move(planned));
    }
    for (const Planned& planned : planned_) {
      if (planned.above.empty()) continue;
      find_copies(planned);
      find_initialiser(planned);
      note(planned);
    }
  }

 private:
  /// Another object that defines the function and was compiled for less.
  const Object* lesser_definer(const Planned& than, std::string_view name) {
    if (definers_.empty()) {
      const auto add = [this](const Object& object) {
        object.visit_symbols([&](const Symbol& symbol) {
          if (symbol.state == artifact::State::Defined && symbol.binding == artifact::Binding::Weak)
            definers_[symbol.name].push_back(&object);
        });
      };
      for (const Object* object : scope_.intermediate) add(*object);
      for (const Object* object : scope_.objects) add(*object);
    }
    for (const Object* object : definers_[name]) {
      if (object == than.object) continue;
      const auto planned = std::find_if(planned_.begin(), planned_.end(),
                                        [object](const Planned& one) { return one.object == object; });
      if (planned != planned_.end() && !planned->above.contains(than.above)) return object;
    }
    return nullptr;
  }

  void find_copies(const Planned& planned) {
    std::vector<std::string> names;
    const Object* other = nullptr;
    planned.object->visit_symbols([&](const Symbol& symbol) {
      if (symbol.state != artifact::State::Defined || symbol.binding != artifact::Binding::Weak ||
          !planned.functions.contains(symbol.name))
        return;
      if (scope_.replay != nullptr && scope_.replay->outcome->definer(symbol.name) != planned.object) return;
      const Object* lesser = lesser_definer(planned, symbol.name);
      if (lesser == nullptr) return;
      if (other == nullptr) other = lesser;
      names.emplace_back(symbol.name);
    });
    if (names.empty()) return;
    const bool linked = scope_.replay != nullptr;
    Place place = scope_.place(*planned.object);
    place.function = names.front();
    Finding finding = make_finding("LDX7002", linked ? Severity::Error : Severity::Warning,
                                   Confidence::Likely, std::move(place), names);
    std::string function = "`" + link::demangle(names.front()) + "`";
    if (names.size() > 1) function = say("{} and {} more", function, names.size() - 1);
    finding.diagnosis.title = linked ? say("the copy of {} that this link keeps is to be compiled for {}",
                                           function, listed(planned.above))
                                     : say("the copy of {} that a link may keep is to be compiled for {}",
                                           function, listed(planned.above));
    finding.diagnosis.explanation =
        linked ? say("{0} and {1} both define it and are compiled at the link. The linker keeps the first, "
                     "which is that of {0}, for all. Whether the compiler then uses these features for it is "
                     "seen in the output: `linkdx check OUTPUT`.",
                     planned.object->label(), other->label())
               : say("{} and {} both define it and are compiled at the link. The linker keeps the first for "
                     "all. Whether the compiler then uses these features for it is seen in the output: "
                     "`linkdx check OUTPUT`.",
                     planned.object->label(), other->label());
    finish(planned, std::move(finding));
  }

  void find_initialiser(const Planned& planned) {
    if (planned.initialiser.empty()) return;
    Place place = scope_.place(*planned.object);
    place.function = planned.initialiser;
    Finding finding =
        make_finding("LDX7003", Severity::Error, Confidence::Likely, std::move(place), {planned.initialiser});
    finding.diagnosis.title = say("`{}` runs when the file is loaded, and is to be compiled for {}",
                                  planned.initialiser, listed(planned.above));
    finding.diagnosis.explanation =
        say("Constructors of static objects run before `main`, so no test of the CPU can stand before them. "
            "Whether the "
            "compiler then uses these features for it is seen in the output: `linkdx check OUTPUT`.");
    finish(planned, std::move(finding));
  }

  void note(const Planned& planned) {
    Finding finding =
        make_finding("LDX7009", Severity::Note, Confidence::Possible, scope_.place(*planned.object), {});
    finding.diagnosis.title = say("it is compiled at the link, for {}", listed(planned.above));
    finding.diagnosis.explanation = say(
        "Its functions are compiled for more than the baseline, and who runs them cannot be told before they "
        "are.");
    finish(planned, std::move(finding));
  }

  void finish(const Planned& planned, Finding finding) {
    finding.diagnosis.evidence.push_back({"symbol-table", planned.object->label(), 0, planned.said});
    finding.diagnosis.missing_evidence.push_back(
        {say("the instructions"), fmt::format("linkdx check --baseline {} OUTPUT", scope_.baseline)});
    finding.fingerprint = fingerprint_of(finding);
    findings_.push_back(std::move(finding));
  }

  const Scope& scope_;
  std::vector<Finding>& findings_;
  std::vector<Planned> planned_;
  std::unordered_map<std::string_view, std::vector<const Object*>> definers_;
};

}  // namespace

void find_intermediate(const Scope& scope, std::vector<Finding>& findings) {
  Finder(scope, findings).run();
}

}  // namespace linkdx::check
