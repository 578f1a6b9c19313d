// Commands as rustc prints them.
//
// When a link fails, rustc shows its command abridged: the object files of the crate become `<2 object files
// omitted>`, libraries that lie in one directory are folded into braces, the hash of the standard library's
// file names becomes `*`, and the toolchain's directory `<sysroot>`. Braces and stars can be undone where the
// files are still there.
//
// Source: compiler/rustc_codegen_ssa/src/back/link.rs and command.rs, errors.rs (LinkingFailed) of
// rustc 1.86.
#pragma once

#include <string>
#include <vector>

namespace linkdx::link {

struct Abridged {
  std::vector<std::string> files;    ///< in the order of the command; an ordinary word stands for itself
  std::vector<std::string> omitted;  ///< what stands for inputs that cannot be told
};
Abridged expand_abridged(const std::string& word, const std::string& directory);

}  // namespace linkdx::link
