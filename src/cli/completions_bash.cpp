// Completions for bash: a function that looks which command stands on the line, and at the option before the
// cursor. Without the bash-completion package too. Source: bash's manual, "Programmable Completion".
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "completions.hpp"

namespace linkdx::cli {
namespace {

/// What fills COMPREPLY.
std::string generator(const Completion& completion) {
  switch (completion.kind) {
    case Completion::Kind::Words:
      return fmt::format("_linkdx_offer -W '{}'", fmt::join(completion.words, " "));
    case Completion::Kind::Files:
      return "_linkdx_offer -f";
    case Completion::Kind::Directories:
      return "_linkdx_offer -d";
    case Completion::Kind::Commands:
      return "_linkdx_offer -c";
    case Completion::Kind::Nothing:
      break;
  }
  return ":";
}

}  // namespace

std::string bash_completions() {
  std::vector<std::string_view> names;
  for (const Command& command : all_commands()) names.push_back(command.name);
  std::string text = fmt::format(R"(# bash completion for linkdx, made by `linkdx completions bash`.

_linkdx_offer() {{
  mapfile -t COMPREPLY < <(compgen "$@" -- "$current")
}}

_linkdx() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command='' word i
  COMPREPLY=()
  # bash takes --format=json for three words.
  if [[ $current == = ]]; then
    current=''
  elif [[ $previous == = ]] && ((COMP_CWORD > 1)); then
    previous=${{COMP_WORDS[COMP_CWORD - 2]}}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${{COMP_WORDS[i]}}
    # What stands behind -- is another program's.
    if [[ $word == -- ]]; then
      if ((i + 1 == COMP_CWORD)); then _linkdx_offer -c; else _linkdx_offer -f; fi
      return
    fi
    if [[ -z $command && $word != -* ]]; then command=$word; fi
  done
  case $command in
    {}) ;;
    *) command='' ;;
  esac
  case $command:$previous in
)",
                                 fmt::join(names, " | "));
  for (const Command& command : all_commands()) {
    for (const Option* option : options_taken_by(command)) {
      if (option->is_switch()) continue;
      const bool unnamed = command.name == "diagnose";
      text += fmt::format("    {}:--{}", command.name, option->name);
      if (unnamed) text += fmt::format(" | :--{}", option->name);
      if (option->letter != 0) {
        text += fmt::format(" | {}:-{}", command.name, option->letter);
        if (unnamed) text += fmt::format(" | :-{}", option->letter);
      }
      text += fmt::format(")\n      {}\n      return\n      ;;\n", generator(completion_of(*option)));
    }
  }
  text += "  esac\n  case $command:$current in\n";
  for (const Command& command : all_commands()) {
    std::vector<std::string> options;
    for (const Option* option : options_taken_by(command))
      options.push_back(fmt::format("--{}", option->name));
    const std::string_view unnamed = command.name == "diagnose" ? " | :-*" : "";
    if (!options.empty())
      text += fmt::format("    {}:-*{}) _linkdx_offer -W '{}' ;;\n", command.name, unnamed,
                          fmt::join(options, " "));
  }
  for (const Command& command : all_commands())
    text += fmt::format("    {}:*) {} ;;\n", command.name, generator(completion_of(command)));
  text += fmt::format(R"(    *)
      _linkdx_offer -f
      mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -W '{}' -- "$current")
      ;;
  esac
}}

complete -o filenames -F _linkdx linkdx
)",
                      fmt::join(names, " "));
  return text;
}

}  // namespace linkdx::cli
