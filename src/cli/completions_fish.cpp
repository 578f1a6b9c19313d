// Completions for fish: one line an option, with the condition under which it is offered. Source: fish's
// documentation, "complete".
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "completions.hpp"

namespace linkdx::cli {
namespace {

/// Between single quotes.
std::string quoted(std::string_view text) {
  std::string result = "'";
  for (char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

std::string arguments(const Completion& completion) {
  switch (completion.kind) {
    case Completion::Kind::Words:
      return fmt::format(" -x -a {}", quoted(fmt::format("{}", fmt::join(completion.words, " "))));
    case Completion::Kind::Files:
      return " -r -F";
    case Completion::Kind::Directories:
      return " -x -a '(__fish_complete_directories)'";
    case Completion::Kind::Commands:
      return " -x -a '(__fish_complete_command)'";
    case Completion::Kind::Nothing:
      break;
  }
  return " -x";
}

}  // namespace

std::string fish_completions() {
  std::vector<std::string_view> names;
  for (const Command& command : all_commands()) names.push_back(command.name);
  std::string text = fmt::format(R"(# fish completion for linkdx, made by `linkdx completions fish`.

function __fish_linkdx_command
  for word in (commandline -opc)[2..]
    if contains -- $word {}
      echo $word
      return
    end
  end
end
# Without a word: no command stands there yet. diagnose may be left out.
function __fish_linkdx_using
  set -l command (__fish_linkdx_command)
  test "$command" = "$argv[1]"; or test -z "$command" -a "$argv[1]" = diagnose
end

)",
                                 fmt::join(names, " "));
  for (const Command& command : all_commands())
    text += fmt::format("complete -c linkdx -n '__fish_linkdx_using' -a {} -d {}\n", command.name,
                        quoted(command.summary));
  for (const Command& command : all_commands()) {
    const std::string condition = quoted(fmt::format("__fish_linkdx_using {}", command.name));
    const Completion words = completion_of(command);
    if (words.kind == Completion::Kind::Words)
      text += fmt::format("complete -c linkdx -n {} -f -a {}\n", condition,
                          quoted(fmt::format("{}", fmt::join(words.words, " "))));
    for (const Option* option : options_taken_by(command)) {
      text += fmt::format("complete -c linkdx -n {} -l {}", condition, option->name);
      if (option->letter != 0) text += fmt::format(" -s {}", option->letter);
      if (!option->is_switch()) text += arguments(completion_of(*option));
      text += fmt::format(" -d {}\n", quoted(description(*option)));
    }
  }
  return text;
}

}  // namespace linkdx::cli
