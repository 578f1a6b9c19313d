// `linkdx completions bash|zsh|fish`: what a shell offers behind `linkdx`. Everything that is offered stands
// in the table of options, in the list of commands, or in a catalogue (levels, features, diagnostic codes).
#include <algorithm>

#include <fmt/format.h>

#include "arguments.hpp"
#include "completions.hpp"
#include "linkdx/diagnose.hpp"
#include "linkdx/isa.hpp"
#include "linkdx/language.hpp"

namespace linkdx::cli {
namespace {

constexpr isa::Arch offered[] = {isa::Arch::X86_64, isa::Arch::AArch64, isa::Arch::RiscV64};

std::vector<std::string> levels() {
  std::vector<std::string> names;
  for (isa::Arch arch : offered)
    for (const isa::Level& level : isa::architecture_levels(arch)) names.push_back(level.name);
  return names;
}

/// LLVM's names: those of the other tools are understood, and too many to be shown.
std::vector<std::string> features() {
  std::vector<std::string> names;
  for (isa::Arch arch : offered) {
    for (const std::string& name : isa::known_names(arch)) {
      const std::optional<isa::FeatureSet> one = isa::features_named(name, arch);
      if (one && one->names() == std::vector<std::string>{name}) names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string> codes() {
  std::vector<std::string> names;
  for (const diagnose::RuleInfo& rule : diagnose::rules()) names.emplace_back(rule.code);
  return names;
}

Completion completion_of_kind(std::string_view kind) {
  using Kind = Completion::Kind;
  if (kind == "@FILE" || kind == "FILE" || kind == "LOG" || kind == "LIB.a" || kind == "REPORT")
    return {Kind::Files};
  if (kind == "DIR") return {Kind::Directories};
  if (kind == "@COMMAND" || kind == "COMMAND") return {Kind::Commands};
  if (kind == "LEVEL") return {Kind::Words, levels()};
  if (kind == "FEATURE") return {Kind::Words, features()};
  if (kind == "@CODE") return {Kind::Words, codes()};
  if (kind == "@FEATURE" || kind == "WORD") {
    std::vector<std::string> words = levels();
    for (std::string& feature : features()) words.push_back(std::move(feature));
    return {Kind::Words, std::move(words)};
  }
  return {};
}

Completion of_words(std::string_view list) {
  Completion completion = {Completion::Kind::Words};
  for (std::string_view word : words_of_list(list)) completion.words.emplace_back(word);
  return completion;
}

struct Shell {
  std::string_view name;
  std::string (*completions)();
};
constexpr Shell shells[] = {{"bash", bash_completions}, {"zsh", zsh_completions}, {"fish", fish_completions}};

}  // namespace

Completion completion_of(const Option& option) {
  return option.choices.empty() ? completion_of_kind(option.value_name()) : of_words(option.choices);
}

Completion completion_of(const Command& command) {
  return command.words.empty() || command.words.starts_with('@') ? completion_of_kind(command.words)
                                                                 : of_words(command.words);
}

std::vector<const Option*> options_taken_by(const Command& command) {
  if (command.name == "diagnose" || command.name == "explain") return options_of("diagnose");
  return options_of(command.name);
}

int completions_command(const std::vector<std::string>& arguments) {
  speak(Language::English);  // one file serves all users of a machine
  std::vector<std::string_view> names;
  for (const Shell& shell : shells) {
    names.push_back(shell.name);
    if (arguments.size() == 1 && arguments.front() == shell.name)
      return write_output(shell.completions(), "") ? NothingWrong : Unusable;
  }
  constexpr std::string_view usage =
      "linkdx completions bash|zsh|fish prints what that shell offers behind `linkdx`.\n\n"
      "  source <(linkdx completions bash)\n"
      "  linkdx completions zsh > /usr/share/zsh/site-functions/_linkdx\n"
      "  linkdx completions fish > ~/.config/fish/completions/linkdx.fish\n";
  if (arguments.size() == 1 && (arguments.front() == "--help" || arguments.front() == "-h"))
    return write_output(usage, "") ? NothingWrong : Unusable;
  complain(arguments.size() != 1 ? std::string("completions takes one word: bash, zsh or fish")
                                 : fmt::format("completions knows {}, and not `{}`{}", listed(names, " and "),
                                               arguments.front(), did_you_mean(arguments.front(), names)));
  return Unusable;
}

}  // namespace linkdx::cli
