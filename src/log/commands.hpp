// Command lines in logs: which lines are one, how a shell splits them, and what they are for.
#pragma once

#include <optional>
#include <string_view>

#include "linkdx/log.hpp"

namespace linkdx::log {

/// The command that a line shows, if it runs a compiler, linker, assembler or archiver. Prefixes of libtool,
/// ninja (`: && ... && :`), cc-rs (`running: ...`), cargo and rustc, and launchers such as ccache, are taken
/// off.
std::optional<Command> read_command(std::string_view line);

/// What a program is run for.
Command::Role role_of(const std::vector<std::string>& arguments);

/// The file that a command makes: behind `-o`, `/OUT:`, or the archive.
std::string output_of(const Command& command);

}  // namespace linkdx::log
