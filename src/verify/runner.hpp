// What runs the programs of a target. See runner.cpp.
#pragma once

#include <string>
#include <vector>

#include <llvm/Support/Error.h>
#include <llvm/TargetParser/Triple.h>

#include "linkdx/verify.hpp"

namespace linkdx::verify {

struct Runner {
  std::string name;  ///< for people: `native`, `qemu-aarch64`, `node`; empty when there is none
  std::vector<std::string> command;     ///< to put before the program; empty for this machine itself
  std::vector<std::string> afterwards;  ///< a command that ends what the runner left behind
  std::string missing;                  ///< why there is none
  /// Its CPU is another than this machine's, and an illegal instruction may be its lack.
  bool emulates = false;
};
/// `asked`: `native`, `qemu-user`, `wine`, `node`, `wasmtime`, a command, or empty for what fits the machine.
/// Files that a runner needs are written into the workspace.
llvm::Expected<Runner> choose_runner(const std::string& asked, const llvm::Triple& machine,
                                     const Workspace& workspace);

}  // namespace linkdx::verify
