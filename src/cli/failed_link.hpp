// A link that failed before linkdx's eyes: no log to find and no command to guess. See failed_link.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "linkdx/report.hpp"

namespace linkdx::cli {

struct FailedLink {
  std::vector<std::string> command;
  std::string directory;               ///< in which it ran
  std::string output;                  ///< what it printed
  std::vector<std::string> symbols;    ///< undefined ones, where the output is not known
  std::vector<std::string> libraries;  ///< that were not found, likewise
};

/// The report on it. `try_links` has the fixes of the link tried by linking again to a private output.
report::Report report_on(const FailedLink& failed, bool try_links);

/// Where the report goes: LINKDX_REPORT, or the words of an option. A file takes the format of its ending
/// (.md, .json, else text); a directory gets OUTPUT.txt and OUTPUT.md for each output that failed to link;
/// nothing named: standard error. Returns the path, empty for standard error; nothing, after complaining,
/// when it cannot be written.
std::optional<std::string> deliver(const report::Report& report, const FailedLink& failed,
                                   const std::string& destination);
/// File name of the output; `a.out` when the command names none.
std::string name_of_output(const FailedLink& failed);

/// Both, for a command that stands in the linker's place. An empty destination is LINKDX_REPORT's. Returns
/// what was found as an exit status.
int diagnose_failed_link(const FailedLink& failed, bool try_links, std::string destination);

}  // namespace linkdx::cli
