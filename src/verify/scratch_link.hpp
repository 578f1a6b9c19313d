// A link run again with nothing of it in the user's tree. See scratch_link.cpp.
#pragma once

#include <string>
#include <vector>

#include <llvm/Support/Error.h>

#include "linkdx/verify.hpp"

namespace linkdx::verify {

/// The command with `before` ahead of all inputs and `after` behind them, and every file that it writes moved
/// to the workspace. An error if it asks for files that cannot be moved.
struct ScratchLink {
  std::vector<std::string> command;
  std::string output;  ///< path of what is linked
};
llvm::Expected<ScratchLink> scratch_link(const log::Command& link, const std::vector<std::string>& before,
                                         const std::vector<std::string>& after, const Workspace& workspace);

}  // namespace linkdx::verify
