// Which machine a link was for, as far as the log shows it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "linkdx/log.hpp"

namespace linkdx::log {

struct TargetFound {
  std::string triple;
  std::string source;  ///< the text that shows it
};

/// The triple in a path: `x86_64-linux-gnu-ld`, `lib/gcc/TRIPLE/12`, `target/TRIPLE/release`, `TRIPLE/bin`.
std::optional<TargetFound> target_of_path(std::string_view path);

/// The target of a command line: `--target`, the program's name, `-m EMULATION`, `-arch`.
std::optional<TargetFound> target_of_command(const Command& command);

/// The triple of a linker's word for a machine or format: `elf_x86_64`, `elf64-x86-64`, `aarch64linux`,
/// `arm64`.
std::string_view triple_of_machine(std::string_view word);

/// Fills `target` and `target_source` of a failure from all that it holds.
void find_target(Failure& failure);

}  // namespace linkdx::log
