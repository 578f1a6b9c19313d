// The commands of the program. Each prints what it has to say and returns the exit status.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "options.hpp"

namespace linkdx::cli {

/// What the exit status means to scripts.
enum ExitStatus { NothingWrong = 0, SomethingFound = 1, Unusable = 2 };

/// The whole program, for the arguments after its name.
int run(std::vector<std::string> arguments);

/// What the parser, help, the manual and completions know of a command.
struct Command {
  std::string_view name;
  std::string_view words;    ///< what may stand beside its options: words separated by blanks, @FILE, @CODE,
                             ///< @FEATURE, @COMMAND
  std::string_view summary;  ///< for a list of commands
  std::string_view (*help)();  ///< null: the page of the whole program has it
};
/// In the order in which help lists them.
std::span<const Command> all_commands();

std::string_view check_help();
std::string_view scan_help();
std::string_view flags_help();
std::string_view shim_help();
std::string_view verify_help();
std::string_view bundle_help();
std::string_view wrap_help();
std::string_view cargo_help();

int diagnose_command(const Options& options);
int explain_command(const Options& options);
int check_command(const std::vector<std::string>& arguments);
int scan_command(const std::vector<std::string>& arguments);
int flags_command(const std::vector<std::string>& arguments);
int shim_command(const std::vector<std::string>& arguments);
int verify_command(const std::vector<std::string>& arguments);
int wrap_command(const std::vector<std::string>& arguments);
int bundle_command(const std::vector<std::string>& arguments);
int completions_command(const std::vector<std::string>& arguments);
int manual_command(const std::vector<std::string>& arguments);

// Programs of other names, by links to linkdx. The arguments are those after the name.

/// `linkdx-hook`, which linkers call.
int hook_command(const std::vector<std::string>& arguments);
/// `cargo-linkdx`, which `cargo linkdx` calls. It names a directory of its own in this environment variable;
/// there stand the links that rustc and the linkers are called by.
int cargo_command(const std::vector<std::string>& arguments);
inline constexpr const char* cargo_session = "LINKDX_CARGO_SESSION";
int cargo_rustc_command(const std::vector<std::string>& arguments);
int cargo_linker_command(const std::string& called_as, const std::vector<std::string>& arguments);

/// The names of the commands that this version has.
const std::vector<std::string_view>& command_names();

/// The candidate that a mistyped word most likely means; empty when none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

/// Writes to standard error: `linkdx: text`, with untrusted bytes made visible.
void complain(std::string_view text);
/// Writes a whole text to the file, or to standard output when `path` is empty. False, after complaining, on
/// failure.
bool write_output(std::string_view text, const std::string& path);

}  // namespace linkdx::cli
