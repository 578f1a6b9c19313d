// Features as command lines and command lines as features. The rules are those of the compilers' manuals: of
// several -march/-mcpu the last one counts, and -mFEATURE and -mno-FEATURE apply in order on top of it,
// wherever they stand (GCC: gcc/config/i386/i386-options.cc, explicit options are kept over -march; clang:
// X86TargetInfo::initFeatureMap). That is why a later -march=x86-64 does not undo an earlier -mavx512bw.
#include <algorithm>
#include <array>

#include "architectures.hpp"

namespace linkdx::isa {
namespace {

struct ToolDifference {
  Tool tool;
  const char *feature, *other;
};
constexpr ToolDifference tool_adds[] = {
#define ADDS(tool, feature, other) {tool, feature, other},
#define LACKS(tool, feature, other)
#include "tool_implications.inc"
#undef ADDS
#undef LACKS
};
constexpr ToolDifference tool_lacks[] = {
#define ADDS(tool, feature, other)
#define LACKS(tool, feature, other) {tool, feature, other},
#include "tool_implications.inc"
#undef ADDS
#undef LACKS
};

/// Words that stand for features under another name than the catalogue's.
struct FlagAlias {
  const char* word;
  std::array<const char*, 2> features;
};
constexpr FlagAlias x86_flag_aliases[] = {
    {"sse4", {"sse4.2", nullptr}},          // GCC manual, x86 options: -msse4 is -msse4.2
    {"abm", {"lzcnt", "popcnt"}},           // the same
    {"avx10.1", {"avx10.1-256", nullptr}},  // clang 18 and GCC 14: 256 bits unless -512 is said
    {"apxf", {"egpr", "ndd"}},              // clang Options.td: the first two of its parts
};

/// What one switch of `tool` turns on.
FeatureSet turned_on(const Catalogue& catalogue, const Feature& feature, Tool tool) {
  FeatureSet result = feature.implied;
  for (const ToolDifference& row : tool_lacks)
    if (row.tool == tool && result.has(row.feature))
      if (auto lacking = catalogue.index_of.find(row.other); lacking != catalogue.index_of.end())
        Catalogue::clear(result, lacking->second);
  for (const ToolDifference& row : tool_adds)
    if (row.tool == tool && result.has(row.feature)) result.add(row.other);
  return result;
}

void turn_off(const Catalogue& catalogue, FeatureSet& features, std::string_view name) {
  for (std::size_t i = 0; i < catalogue.features.size(); ++i)
    if (catalogue.features[i].implied.has(name)) Catalogue::clear(features, i);
}

std::optional<std::string_view> value_of(std::string_view argument, std::string_view prefix) {
  if (argument.starts_with(prefix)) return argument.substr(prefix.size());
  return std::nullopt;
}

const FlagGrammar& grammar_of(Arch arch) {
  static constexpr FlagGrammar unknown;
  const Architecture* architecture = find_architecture(arch);
  return architecture == nullptr ? unknown : architecture->flags;
}

/// What stands after the first `+`.
std::string_view after_plus(std::string_view text) {
  const std::size_t plus = text.find('+');
  return plus == text.npos ? std::string_view() : text.substr(plus + 1);
}

/// The feature, and for a word of several (`crypto`) those that have no other members.
std::vector<std::string> lacking_parts(const Feature& feature) {
  FeatureSet parts = feature.implied.minus(baseline(feature.implied.arch()));
  if (feature.name != "crypto") {
    parts = FeatureSet(feature.implied.arch());
    parts.add(feature.name);
  }
  return parts.names();
}

/// Reads one command line for one architecture.
class FlagReader {
 public:
  explicit FlagReader(Arch arch) : catalogue_(Catalogue::of(arch)), arch_(arch), grammar_(grammar_of(arch)) {}

  FlagEffect read(std::span<const std::string> arguments) {
    FlagEffect effect;
    if (!arguments.empty() && arguments[0].find("clang") != std::string::npos) c_compiler_ = Tool::Clang;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      std::string_view argument = arguments[i];
      bool known = false;
      if (i + 1 < arguments.size() && (argument == "-C" || argument == "--codegen"))
        known = codegen(arguments[i + 1]);
      else if (i > 0 && (arguments[i - 1] == "-C" || arguments[i - 1] == "--codegen"))
        known = codegen(argument);
      else if (argument.starts_with("-Ctarget-"))
        known = codegen(argument.substr(2));
      else if (i > 0 && arguments[i - 1] == "-target-feature")
        known = feature_list(argument, Tool::Clang);
      else if (auto level = value_of(argument, "/arch:"); level || (level = value_of(argument, "-arch:")))
        known = msvc_arch(*level);
      else if (auto value = value_of(argument, "-march="))
        known = architecture(*value);
      else if (auto cpu = value_of(argument, "-mcpu="))
        known = processor(*cpu);
      else if (argument.starts_with("-m") && grammar_.style == SwitchStyle::OneEach)
        known = feature_switch(argument.substr(2));
      if (known) effect.flags.push_back(arguments[i]);
    }
    effect.native = native_;
    effect.features = base_.value_or(baseline(arch_));
    for (const Change& change : changes_) {
      if (change.on)
        effect.features.add(change.features);
      else
        turn_off(catalogue_, effect.features, change.name);
    }
    return effect;
  }

 private:
  struct Change {
    bool on;
    std::string name;
    FeatureSet features;
  };

  void change(bool on, const Feature& feature, Tool tool) {
    changes_.push_back({on, feature.name, turned_on(catalogue_, feature, tool)});
  }

  bool base_level(std::string_view name) {
    native_ = name == "native";
    if (native_) {
      base_.reset();
      return true;
    }
    std::optional<Level> level = find_level(name, arch_);
    if (!level) return false;
    base_ = level->features;
    // GCC's CPU of that name may lack extensions that LLVM's has.
    if (const LevelNames* row = find_level_names(level->name, arch_);
        row != nullptr && c_compiler_ == Tool::Gcc)
      for (std::string_view rest = row->gcc; (rest = after_plus(rest)) != "";)
        if (const Feature* lacking = catalogue_.find_for(Tool::Gcc, rest.substr(0, rest.find('+'))))
          for (const std::string& name : lacking_parts(*lacking)) turn_off(catalogue_, *base_, name);
    return true;
  }

  /// -march=: `armv8.2-a+dotprod+nocrypto`, or where features have switches of their own a level or CPU.
  bool architecture(std::string_view value) {
    if (grammar_.style != SwitchStyle::OneEach) changes_.clear();  // all features come from this one argument
    return processor(value);
  }

  bool processor(std::string_view value) {
    switch (grammar_.style) {
      case SwitchStyle::OneEach:
        return base_level(value);
      case SwitchStyle::Extensions:
        return with_extensions(value);
      case SwitchStyle::Own:
        break;
    }
    if (value == "native") return base_level(value);
    MarchMeaning meaning = grammar_.read(value, arch_);
    if (meaning.known) {
      base_ = meaning.features;
      native_ = false;
    }
    return meaning.known;
  }

  bool with_extensions(std::string_view value) {
    std::size_t plus = value.find('+');
    bool known = base_level(value.substr(0, plus));
    while (plus != std::string_view::npos) {
      std::size_t next = value.find('+', plus + 1);
      std::string_view word = value.substr(plus + 1, next == std::string_view::npos ? next : next - plus - 1);
      known |= extension(word);
      plus = next;
    }
    return known;
  }

  bool extension(std::string_view word) {
    for (Tool tool : {Tool::Clang, Tool::Gcc})
      if (const Feature* feature = catalogue_.find_for(tool, word)) {
        change(true, *feature, tool);
        return true;
      }
    if (word.starts_with("no"))
      for (Tool tool : {Tool::Clang, Tool::Gcc})
        if (const Feature* feature = catalogue_.find_for(tool, word.substr(2))) {
          change(false, *feature, tool);
          return true;
        }
    return false;
  }

  bool feature_switch(std::string_view word) {
    bool on = !word.starts_with("no-");
    if (!on) word.remove_prefix(3);
    for (const FlagAlias& alias : x86_flag_aliases) {
      if (word != alias.word || !is_x86(arch_)) continue;
      for (const char* name : alias.features)
        if (name != nullptr)
          // -mno-sse4 is -mno-sse4.1, unlike -msse4.
          change(on, *catalogue_.find(!on && word == "sse4" ? "sse4.1" : name), c_compiler_);
      return true;
    }
    const Feature* feature = catalogue_.find_for(Tool::Gcc, word);
    if (feature == nullptr || word.empty()) return false;
    change(on, *feature, c_compiler_);
    return true;
  }

  bool codegen(std::string_view option) {
    if (auto cpu = value_of(option, "target-cpu="))
      return *cpu == "generic" ? (base_.reset(), native_ = false, true) : base_level(*cpu);
    if (auto list = value_of(option, "target-feature=")) return feature_list(*list, Tool::Rustc);
    return false;
  }

  bool feature_list(std::string_view list, Tool tool) {
    bool known = false;
    while (!list.empty()) {
      std::string_view item = list.substr(0, list.find(','));
      list.remove_prefix(std::min(list.size(), item.size() + 1));
      if (item.size() < 2 || (item[0] != '+' && item[0] != '-')) continue;
      if (const Feature* feature = catalogue_.find_for(tool, item.substr(1))) {
        change(item[0] == '+', *feature, tool);
        known = true;
      }
    }
    return known;
  }

  bool msvc_arch(std::string_view value) {
    std::optional<FeatureSet> features = features_of_msvc_arch(value, arch_);
    if (features) base_ = *features;
    return features.has_value();
  }

  const Catalogue& catalogue_;
  Arch arch_;
  const FlagGrammar& grammar_;
  std::optional<FeatureSet> base_;
  std::vector<Change> changes_;
  bool native_ = false;
  Tool c_compiler_ =
      Tool::Gcc;  ///< GCC's switches bring less, so it is what an unknown compiler is taken for
};

}  // namespace

FlagEffect features_of_flags(std::span<const std::string> arguments, Arch arch) {
  return FlagReader(arch).read(arguments);
}

Flags flags_for(const FeatureSet& features, Tool tool) {
  Flags flags;
  const Catalogue& catalogue = Catalogue::of(features.arch());
  FeatureSet wanted = features.minus(baseline(features.arch()));
  const FlagGrammar& grammar = grammar_of(features.arch());
  if (tool != Tool::Rustc && grammar.style == SwitchStyle::Own)
    return wanted.empty() ? flags : grammar.say(wanted, tool);
  // Only members that no other member's switch brings have to be said; which those are differs from tool to
  // tool.
  FeatureSet said = wanted;
  for (std::size_t i = 0; i < catalogue.features.size(); ++i) {
    if (!Catalogue::test(wanted, i) || switch_of(catalogue.features[i], tool).empty()) continue;
    FeatureSet brought = turned_on(catalogue, catalogue.features[i], tool);
    Catalogue::clear(brought, i);
    said = said.minus(brought);
  }
  std::string joined, level;
  for (std::size_t i = 0; i < catalogue.features.size(); ++i) {
    if (!Catalogue::test(said, i)) continue;
    const std::string& word = switch_of(catalogue.features[i], tool);
    if (word.empty()) {
      flags.unnamed.push_back(catalogue.features[i].name);
      continue;
    }
    if (const std::string_view needed = level_of_switch(catalogue.features[i].name, features.arch());
        !needed.empty())
      level = needed;  // of several, the table has the smallest first, as the catalogue has the features
    if (tool == Tool::Rustc)
      joined += (joined.empty() ? "+" : ",+") + word;
    else if (grammar.style == SwitchStyle::OneEach)
      flags.arguments.push_back("-m" + word);
    else
      joined += "+" + word;
  }
  if (!level.empty() && tool != Tool::Rustc) {
    const std::vector<std::string> arguments = flags_for_level(level, features.arch(), tool);
    flags.arguments.insert(flags.arguments.begin(), arguments.begin(), arguments.end());
  }
  if (joined.empty()) return flags;
  if (tool == Tool::Rustc)
    flags.arguments = {"-C", "target-feature=" + joined};
  else
    flags.arguments = {"-march=" + std::string(grammar.base) + joined};
  return flags;
}

std::vector<std::string> flags_for_level(std::string_view asked, Arch arch, Tool tool) {
  std::optional<Level> level = find_level(asked, arch);
  if (!level) return {};
  const FlagGrammar& grammar = grammar_of(arch);
  if (tool == Tool::Rustc) {
    // rustc knows AArch64 versions as features (`v8.2a`) and has no such CPUs.
    if (arch == Arch::AArch64 && !level->is_cpu) {
      // The lowest is what rustc makes by default; `v8a` is LLVM's word, at which rustc warns.
      if (level->features.minus(baseline(arch)).empty()) return {"-C", "target-cpu=generic"};
      std::string version = level->name.substr(3);  // armv8.2-a
      version.erase(std::remove(version.begin(), version.end(), '-'), version.end());
      return {"-C", "target-feature=+" + version};
    }
    if (!level->is_cpu && !grammar.rustc_has_levels) return flags_for(level->features, tool).arguments;
    return {"-C", "target-cpu=" + level->name};
  }
  std::string name = level->name;
  if (const LevelNames* row = find_level_names(name, arch); row != nullptr && tool == Tool::Gcc) {
    if (row->gcc == "-") return flags_for(level->features, tool).arguments;
    name = row->gcc;
  }
  if (!level->is_cpu && grammar.say_level != nullptr) return grammar.say_level(name, tool);
  return {std::string(level->is_cpu ? grammar.cpu_option : grammar.level_option) + name};
}

}  // namespace linkdx::isa
