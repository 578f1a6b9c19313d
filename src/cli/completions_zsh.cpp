// Completions for zsh: a list of specifications for _arguments, one a command. Source: zshcompsys(1),
// "Utility Functions".
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "completions.hpp"

namespace linkdx::cli {
namespace {

/// Between single quotes, in the brackets of a specification, where a colon ends a part.
std::string escaped(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
    if (c == '\'')
      result += "'\\''";
    else
      result += c;
  }
  return result;
}

std::string action(const Completion& completion) {
  switch (completion.kind) {
    case Completion::Kind::Words:
      return fmt::format("({})", fmt::join(completion.words, " "));
    case Completion::Kind::Files:
      return "_files";
    case Completion::Kind::Directories:
      return "_files -/";
    case Completion::Kind::Commands:
      return "_command_names -e";
    case Completion::Kind::Nothing:
      break;
  }
  return " ";
}

std::string specifications(const Command& command) {
  std::string text;
  for (const Option* option : options_taken_by(command)) {
    const std::string about = escaped(description(*option));
    const std::string value =
        option->is_switch() ? ""
                            : fmt::format(":{}:{}", option->value_name(), action(completion_of(*option)));
    const std::string_view equals = option->is_switch() ? "" : "=", again = option->repeats() ? "*" : "";
    const std::string excludes = option->repeats() || option->letter == 0
                                     ? ""
                                     : fmt::format("(-{} --{})", option->letter, option->name);
    if (option->letter != 0)
      text += fmt::format(" \\\n        '{}{}-{}[{}]{}'", excludes, again, option->letter, about, value);
    text +=
        fmt::format(" \\\n        '{}{}--{}{}[{}]{}'", excludes, again, option->name, equals, about, value);
  }
  return text;
}

}  // namespace

std::string zsh_completions() {
  std::string text = R"(#compdef linkdx
# zsh completion for linkdx, made by `linkdx completions zsh`.

_linkdx() {
  local -a commands
  commands=(
)";
  std::vector<std::string_view> names;
  for (const Command& command : all_commands()) {
    names.push_back(command.name);
    text += fmt::format("    '{}:{}'\n", command.name, escaped(command.summary));
  }
  text += fmt::format(R"(  )
  local command=''
  local -i i
  for ((i = 2; i < CURRENT; i++)); do
    if [[ $words[i] == -- ]]; then
      shift $i words
      ((CURRENT -= i))
      _normal
      return
    fi
    if [[ -z $command && $words[i] != -* ]]; then command=$words[i]; fi
  done
  case $command in
    ({}) ;;
    (*) command='' ;;
  esac
  case $command in
)",
                      fmt::join(names, "|"));
  for (const Command& command : all_commands()) {
    const std::string words = action(completion_of(command));
    text += fmt::format("    ({})\n      _arguments -s{} '1: :' '*: :{}'\n      ;;\n", command.name,
                        specifications(command), words);
    if (command.name != "diagnose") continue;
    text += fmt::format("    ('')\n      _arguments -s{} '*: :_linkdx_first'\n      ;;\n",
                        specifications(command));
  }
  text += R"(  esac
}

_linkdx_first() {
  _describe -t commands command commands
  _files
}

# Sourced, it has to be announced; found as a file of fpath, it is called.
if [[ $funcstack[1] == _linkdx ]]; then _linkdx "$@"; else compdef _linkdx linkdx; fi
)";
  return text;
}

}  // namespace linkdx::cli
