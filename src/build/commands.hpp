// Command lines as build systems record them, and what a compile command says of itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/build.hpp"

namespace linkdx::build {

/// A command as Rust prints it with `{:?}`: `cd "dir" && env -u X VAR="1" "cc" "-c" "a.c"`. Words are in
/// double quotes with Rust's escapes; `rest` is what follows the last word.
struct RustCommand {
  std::string directory;
  std::vector<std::string> environment;
  std::vector<std::string> arguments;
  std::string rest;
};
std::optional<RustCommand> read_rust_command(std::string_view text);

/// A string in double quotes with Rust's escapes, at the front of `text`, which moves past it.
std::optional<std::string> take_rust_string(std::string_view& text);

/// True for a run of a compiler or assembler on a source file; not for archivers, linkers, make.
bool is_compile(const std::vector<std::string>& arguments);
/// Fills `source` and `object` from the arguments.
void read_files(Compile& compile);

/// True for a line in which a compiler, assembler or their driver reports an error of its own:
/// `cc1: error: ...`, `a.c:3:1: fatal error: ...`, `{standard input}:7: Error: ...`.
bool is_tool_error(std::string_view line);

}  // namespace linkdx::build
