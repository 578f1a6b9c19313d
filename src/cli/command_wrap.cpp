// `linkdx wrap -- LINKER ARGS...`: stands where the linker is called.
//
// A link that succeeds must not notice: the linker is started at once, before anything is looked at, and what
// it prints and how it ends is handed on. Only a failure is looked into, after the linker's own words.
#include <algorithm>
#include <csignal>
#include <filesystem>

#include <unistd.h>

#include "arguments.hpp"
#include "commands.hpp"
#include "failed_link.hpp"
#include "linkdx/language.hpp"
#include "linkdx/verify.hpp"
#include "option_table.hpp"

namespace linkdx::cli {
namespace {

constexpr std::string_view help =
    N_(R"(linkdx wrap runs a linker in its own place, and diagnoses the link when it
fails.

Examples
  linkdx wrap -- gcc main.o -o main
  cmake -DCMAKE_C_LINKER_LAUNCHER='linkdx;wrap;--' ...
  LINKDX_REPORT=FIX.md linkdx wrap --try -- ld.lld @objects.rsp -o main

Usage
  linkdx wrap [OPTION]... -- LINKER ARGUMENT...

The linker gets its arguments, input and environment as they are. What it
prints goes on byte for byte, and its exit status is that of linkdx. When it
fails, the diagnosis follows on standard error, or is written to REPORT.

Options
{options}

Exit status: the linker's; 127 when it cannot be started; 2 for a call that
makes no sense.
)");

constexpr int not_started = 127;  ///< what a shell says

/// Ends as the linker did.
int end_by(int signal) {
  std::signal(signal, SIG_DFL);
  std::raise(signal);
  return 128 + signal;  // a signal that does not end a process
}

}  // namespace

std::string_view wrap_help() {
  return help;
}

int wrap_command(const std::vector<std::string>& arguments) {
  const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
  const std::optional<Arguments> given = parse_arguments("wrap", {arguments.begin(), dashes});
  if (!given) return Unusable;
  if (given->has("help")) return write_output(help_page("wrap", help), "") ? NothingWrong : Unusable;
  if (dashes == arguments.end() || dashes + 1 == arguments.end()) {
    complain(say("no linker given: `linkdx wrap -- LINKER ARGUMENT...`"));
    return Unusable;
  }
  FailedLink link;
  link.command.assign(dashes + 1, arguments.end());
  llvm::Expected<verify::PassedThrough> ran = verify::run_passing_through(link.command);
  if (!ran) {
    complain(llvm::toString(ran.takeError()));
    return not_started;
  }
  if (ran->signal != 0) return end_by(ran->signal);
  if (ran->exit_status == 0) return 0;
  std::error_code error;
  link.directory = std::filesystem::current_path(error).string();
  link.output = std::move(ran->output);
  diagnose_failed_link(link, given->has("try"), given->text("report"));
  return ran->exit_status;
}

}  // namespace linkdx::cli
