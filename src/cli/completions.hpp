// What shells are told of the command line, from the table of options. See completions_command.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "commands.hpp"
#include "option_table.hpp"

namespace linkdx::cli {

/// What stands behind an option, or as a word of a command.
struct Completion {
  enum class Kind { Nothing, Words, Files, Directories, Commands } kind = Kind::Nothing;
  std::vector<std::string> words{};
};
Completion completion_of(const Option& option);
Completion completion_of(const Command& command);

/// The options that a command takes.
std::vector<const Option*> options_taken_by(const Command& command);

std::string bash_completions();
std::string zsh_completions();
std::string fish_completions();

}  // namespace linkdx::cli
