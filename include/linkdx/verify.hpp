// verify/: fixes tried. This room, and only this one and its callers `verify`, `shim` and `wrap`, runs programs.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <llvm/Support/Error.h>

namespace linkdx::verify {

/// What a program run by linkdx did.
struct Run {
  int exit_status = -1;        ///< -1 when it was killed
  bool timed_out = false;
  std::string output;          ///< standard output and error, bounded
};
/// Runs `arguments` without a shell, with a time limit.
llvm::Expected<Run> run(const std::vector<std::string>& arguments, std::chrono::seconds limit);

}  // namespace linkdx::verify
