// CPUs and what the missing code needs: the matrix of symbols, features, levels and CPUs, and what each
// choice of a CPU for the compiler would mean here.
//
// Which level and CPU has what is the catalogue's (LLVM's tables). What a choice means is told from the
// diagnosis: who hears of it (rustc's target-cpu never reaches a C compiler), which flags the build gives the
// kernel itself, and what has been refuted.
#include "detail.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "linkdx/isa.hpp"
#include "linkdx/language.hpp"

namespace linkdx::cli {
namespace {

using Matrix = report::Report::Context::Matrix;
using Choice = report::Report::Context::Choice;

std::vector<bool> row_of(const std::vector<std::string>& features, const isa::FeatureSet& has) {
  std::vector<bool> row;
  for (const std::string& name : features) row.push_back(has.has(name));
  return row;
}

/// CPUs that do not differ in these features are one row.
std::vector<Matrix::Row> cpu_rows(isa::Arch arch, const std::vector<std::string>& features) {
  std::vector<Matrix::Row> rows;
  for (const std::string& cpu : isa::cpus_with(isa::FeatureSet(arch))) {
    const std::optional<isa::Level> level = isa::find_level(cpu, arch);
    if (!level) continue;
    std::vector<bool> has = row_of(features, level->features);
    const auto same =
        std::find_if(rows.begin(), rows.end(), [&](const Matrix::Row& row) { return row.has == has; });
    if (same == rows.end())
      rows.push_back({{cpu}, std::move(has)});
    else
      same->names.push_back(cpu);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Matrix::Row& a, const Matrix::Row& b) {
    return std::count(a.has.begin(), a.has.end(), true) < std::count(b.has.begin(), b.has.end(), true);
  });
  return rows;
}

/// The levels worth a row: where they are many, those around the first that has everything.
std::vector<isa::Level> levels_around(const isa::FeatureSet& needed) {
  constexpr std::size_t few = 5;
  std::vector<isa::Level> levels = isa::architecture_levels(needed.arch());
  const auto enough = std::find_if(levels.begin(), levels.end(),
                                   [&](const isa::Level& level) { return level.features.contains(needed); });
  if (enough == levels.end()) {
    if (levels.size() > few) levels.resize(few);
    if (std::optional<isa::Level> cpu = isa::smallest_cpu(needed)) levels.push_back(*std::move(cpu));
    return levels;
  }
  levels.erase(enough + 1, levels.end());
  if (levels.size() > few) levels.erase(levels.begin() + 1, levels.end() - 2);
  return levels;
}

/// What the build gives the kernel's compile itself, beside the flag that was refused.
isa::FeatureSet own_features(const diagnose::KernelNotBuilt& found, isa::Arch arch) {
  isa::FeatureSet own(arch);
  if (found.script == nullptr) return own;
  for (const build::Compile& compile : found.script->compiles) {
    if (found.source.empty() || compile.source != found.source) continue;
    std::vector<std::string> arguments = compile.arguments;
    std::erase(arguments, found.failing_flag);
    own.add(isa::with_implied(isa::features_of_flags(arguments, arch).features));
  }
  return own;
}

bool refutes_target_cpu(const report::Report::Item& item) {
  return std::any_of(item.remedy.refuted.begin(), item.remedy.refuted.end(), [](const fix::Refuted& refuted) {
    return std::any_of(refuted.apply.rustflags.begin(), refuted.apply.rustflags.end(),
                       [](const std::string& flag) { return flag.find("target-cpu=") != std::string::npos; });
  });
}

std::string in_backticks(const std::vector<std::string>& words) {
  return fmt::format("`{}`", fmt::join(words, "`, `"));
}

/// What is known of the case, whatever the choice.
struct Here {
  const report::Report::Item& item;
  isa::FeatureSet needed, own;
  std::string refused;  ///< flag that the compiler of this build did not take
};

std::string meaning_for_rust(const Here& here) {
  return refutes_target_cpu(here.item)
             ? say("Changes Rust code alone and does not make the missing code: see what will not help.")
             : say("Changes Rust code alone: the C compiler is not told.");
}

std::string meaning_for_c(const Here& here, const Choice& choice) {
  if (!here.refused.empty() && choice.flag == here.refused) return say("Refused by this build's compiler.");
  if (choice.all_cpus == 0)
    return say(
        "Takes the CPU of the build machine: what is made may not run elsewhere, and a cross compiler may "
        "refuse it.");
  if (choice.lacks.empty())
    return say("Has what the code needs; but all other code that is compiled with it needs such a CPU too.");
  if (!here.own.empty() && here.own.contains(here.needed))
    return here.refused.empty()
               ? say("Enough: the build gives the kernel its own features, and other code stays at this "
                     "level.")
               : say("In place of `{}`, enough: the build gives the kernel its own features, and other code "
                     "stays at this level.",
                     here.refused);
  return say("Not enough by itself: the code also needs {}. Other code stays at this level.",
             in_backticks(isa::flags_for(here.needed, isa::Tool::Gcc).arguments));
}

Choice choice_of(const isa::Level& level, isa::Tool tool, const isa::FeatureSet& needed) {
  Choice choice;
  choice.tool = tool == isa::Tool::Rustc ? "rustc" : "C compiler";
  choice.flag = fmt::format("{}", fmt::join(isa::flags_for_level(level.name, needed.arch(), tool), " "));
  choice.lacks = isa::without_implied(needed.minus(level.features)).names();
  choice.cpus = isa::cpus_with(level.features);
  choice.all_cpus = isa::cpus_with(isa::FeatureSet(needed.arch())).size();
  return choice;
}

/// The same words with `native` for the level.
std::string native_flag(const std::string& flag) {
  const std::size_t equals = flag.rfind('=');
  return equals == std::string::npos ? "" : flag.substr(0, equals + 1) + "native";
}

void add_choices(isa::Tool tool, const Here& here, std::vector<Choice>& choices) {
  const bool rust = tool == isa::Tool::Rustc;
  std::string flag;
  for (const isa::Level& level : levels_around(here.needed)) {
    Choice choice = choice_of(level, tool, here.needed);
    if (choice.flag.empty()) continue;
    flag = choice.flag;
    choice.here = rust ? meaning_for_rust(here) : meaning_for_c(here, choice);
    choices.push_back(std::move(choice));
  }
  Choice native;
  native.tool = rust ? "rustc" : "C compiler";
  native.flag = native_flag(flag);
  if (native.flag.empty()) return;
  native.here = rust ? meaning_for_rust(here) : meaning_for_c(here, native);
  choices.push_back(std::move(native));
}

}  // namespace

std::vector<Matrix> matrices_of(const std::vector<diagnose::SymbolFacts>& symbols) {
  std::vector<Matrix> matrices;
  std::vector<isa::FeatureSet> needed;
  for (const diagnose::SymbolFacts& symbol : symbols) {
    if (!symbol.isa || symbol.isa->features.empty()) continue;
    const isa::Arch arch = symbol.isa->features.arch();
    const auto same =
        std::find_if(needed.begin(), needed.end(), [&](const auto& set) { return set.arch() == arch; });
    if (same == needed.end())
      needed.push_back(isa::with_implied(symbol.isa->features));
    else
      same->add(isa::with_implied(symbol.isa->features));
  }
  for (const isa::FeatureSet& all : needed) {
    Matrix matrix;
    matrix.arch = isa::name_of(all.arch());
    matrix.features = all.minus(isa::baseline(all.arch())).names();
    if (matrix.features.empty()) continue;
    for (const diagnose::SymbolFacts& symbol : symbols)
      if (symbol.isa && !symbol.isa->features.empty() && symbol.isa->features.arch() == all.arch())
        matrix.symbols.push_back(
            {{symbol.name}, row_of(matrix.features, isa::with_implied(symbol.isa->features))});
    for (const isa::Level& level : isa::architecture_levels(all.arch()))
      matrix.levels.push_back({{level.name}, row_of(matrix.features, level.features)});
    matrix.cpus = cpu_rows(all.arch(), matrix.features);
    matrices.push_back(std::move(matrix));
  }
  return matrices;
}

std::vector<Choice> choices_of(const report::Report::Item& item, const diagnose::Case& facts) {
  using diagnose::Cause;
  std::vector<Choice> choices;
  const diagnose::Diagnosis& diagnosis = item.diagnosis;
  if (diagnosis.cause != Cause::KernelObjectNotBuilt &&
      diagnosis.cause != Cause::FeatureFlagMismatchBetweenUnits)
    return choices;
  Here here{item, {}, {}, {}};
  for (const diagnose::SymbolFacts& symbol : facts.symbols) {
    if (!symbol.isa || symbol.isa->features.empty() ||
        std::find(diagnosis.symbols.begin(), diagnosis.symbols.end(), symbol.name) == diagnosis.symbols.end())
      continue;
    if (here.needed.empty())
      here.needed = isa::with_implied(symbol.isa->features);
    else if (here.needed.arch() == symbol.isa->features.arch())
      here.needed.add(isa::with_implied(symbol.isa->features));
  }
  if (here.needed.empty()) return choices;
  here.own = isa::FeatureSet(here.needed.arch());
  if (const auto* found = std::get_if<diagnose::KernelNotBuilt>(&diagnosis.finding)) {
    here.own = own_features(*found, here.needed.arch());
    here.refused = found->failing_flag;
  }
  if (facts.build != nullptr && !facts.build->cargo.empty()) add_choices(isa::Tool::Rustc, here, choices);
  add_choices(isa::Tool::Gcc, here, choices);
  return choices;
}

}  // namespace linkdx::cli
