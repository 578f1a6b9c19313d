// A directory for one test, with programs in it.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "linkdx/verify.hpp"

struct TestDirectory {
  linkdx::verify::Workspace workspace = llvm::cantFail(linkdx::verify::Workspace::create());

  /// A shell script that can be run; its path.
  std::string script(const std::string& name, const std::string& text) const {
    const std::string path = workspace.file(name);
    std::ofstream(path) << "#!/bin/sh\n" << text;
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
};

/// Tests that compile are left out, with a message, where there is no compiler.
inline bool have(const std::string& program) {
  auto run = linkdx::verify::run({program, "--version"}, std::chrono::seconds(20));
  if (run && run->succeeded()) return true;
  if (!run) llvm::consumeError(run.takeError());
  MESSAGE("not run: " << program << " is not installed");
  return false;
}
