// From the arguments to a command, and the little that all commands share.
#include "commands.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <llvm/ADT/StringRef.h>

#include "linkdx/report.hpp"
#include "output.hpp"

namespace linkdx::cli {
namespace {

struct Command {
  std::string_view name;
  int (*run)(const Options& options);
};
constexpr Command commands[] = {{"diagnose", diagnose_command}, {"explain", explain_command}};

/// Commands with options of their own, which they read themselves.
struct OwnCommand {
  std::string_view name;
  int (*run)(const std::vector<std::string>& arguments);
};
constexpr OwnCommand own_commands[] = {
    {"check", check_command}, {"scan", scan_command},     {"flags", flags_command},
    {"shim", shim_command},   {"verify", verify_command}, {"wrap", wrap_command},
};

}  // namespace

const std::vector<std::string_view>& command_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const Command& command : commands) all.push_back(command.name);
    for (const OwnCommand& command : own_commands) all.push_back(command.name);
    return all;
  }();
  return names;
}

int run(std::vector<std::string> arguments) {
  for (const OwnCommand& command : own_commands)
    if (!arguments.empty() && command.name == arguments.front())
      return command.run({arguments.begin() + 1, arguments.end()});
  llvm::Expected<Options> parsed = parse_options(arguments);
  if (!parsed) {
    complain(llvm::toString(parsed.takeError()));
    complain("`linkdx --help` shows how it is called");
    return Unusable;
  }
  Options& options = *parsed;
  if (options.help) return write_output(help_text(), "") ? NothingWrong : Unusable;
  if (options.version) return write_output("linkdx " LINKDX_VERSION "\n", "") ? NothingWrong : Unusable;

  if (!options.words.empty()) {
    for (const Command& command : commands) {
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
  if (!written) complain(std::string("standard output: ") + std::strerror(errno));
  return written;
}

}  // namespace linkdx::cli
