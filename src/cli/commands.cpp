// From the arguments to a command, and the little that all commands share.
#include "commands.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <llvm/ADT/StringRef.h>

#include "linkdx/language.hpp"
#include "linkdx/report.hpp"
#include "option_table.hpp"
#include "output.hpp"
#include "version.hpp"

namespace linkdx::cli {
namespace {

constexpr Command commands[] = {
    {"diagnose", "@FILE", "why a link failed; the command may be left out", nullptr},
    {"explain", "@CODE", "the page behind a diagnostic code", nullptr},
    {"check", "@FILE", "before the link: will it link, and run on the baseline", check_help},
    {"scan", "@FILE", "which CPU features code needs, from its instructions", scan_help},
    {"flags", "@FEATURE", "what tools call CPU features, levels and CPUs", flags_help},
    {"shim", "", "an archive that defines missing kernels", shim_help},
    {"verify", "@FILE", "proves configurations of a toolchain", verify_help},
    {"wrap", "@COMMAND", "runs a linker and diagnoses the link when it fails", wrap_help},
    {"bundle", "@FILE", "packs log, objects and report for somebody else", bundle_help},
    {"completions", "bash zsh fish", "completions for a shell", nullptr},
    {"manual", "", "the manual page", nullptr},
};

/// Commands that take the options of the whole program.
struct PlainCommand {
  std::string_view name;
  int (*run)(const Options& options);
};
constexpr PlainCommand plain_commands[] = {{"diagnose", diagnose_command}, {"explain", explain_command}};

/// Commands that read their arguments themselves.
struct OwnCommand {
  std::string_view name;
  int (*run)(const std::vector<std::string>& arguments);
};
constexpr OwnCommand own_commands[] = {
    {"check", check_command},   {"scan", scan_command},
    {"flags", flags_command},   {"shim", shim_command},
    {"verify", verify_command}, {"wrap", wrap_command},
    {"bundle", bundle_command}, {"completions", completions_command},
    {"manual", manual_command},
};

}  // namespace

std::span<const Command> all_commands() {
  return commands;
}

const std::vector<std::string_view>& command_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const Command& command : commands) all.push_back(command.name);
    return all;
  }();
  return names;
}

int run(std::vector<std::string> arguments) {
  for (const OwnCommand& command : own_commands)
    if (!arguments.empty() && command.name == arguments.front())
      return command.run({arguments.begin() + 1, arguments.end()});
  std::optional<Options> parsed = parse_options(arguments);
  if (!parsed) return Unusable;
  Options& options = *parsed;
  if (options.help) return write_output(help_page("diagnose", main_help()), "") ? NothingWrong : Unusable;
  if (options.version) return write_output(version_text(), "") ? NothingWrong : Unusable;

  if (!options.words.empty()) {
    for (const PlainCommand& command : plain_commands) {
      if (command.name != options.words.front()) continue;
      options.words.erase(options.words.begin());
      return command.run(options);
    }
  }
  return diagnose_command(options);
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  unsigned best_distance = 3;  // more than two slips is another word
  for (std::string_view candidate : candidates) {
    const unsigned distance =
        llvm::StringRef(word).edit_distance(llvm::StringRef(candidate), true, best_distance);
    if (distance >= best_distance || distance >= candidate.size() / 2 + 1) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

void complain(std::string_view text) {
  const std::string line = "linkdx: " + report::escape_terminal(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

bool write_output(std::string_view text, const std::string& path) {
  if (!path.empty()) {
    const std::optional<std::string> reason = replace_file(path, text);
    if (reason) complain(path + ": " + *reason);
    return !reason;
  }
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written) complain(say("standard output: {}", system_fault(errno)));
  return written;
}

}  // namespace linkdx::cli
