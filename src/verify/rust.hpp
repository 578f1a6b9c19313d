// rustc, as a compiler of callers. See rust.cpp.
#pragma once

#include "linkdx/verify.hpp"

namespace linkdx::verify {

struct Rustc {
  Compiler compiler;         ///< `target` is rustc's own name
  std::string without_core;  ///< why nothing can be compiled for the target; empty when it can
};
/// Asks `rustc` (a command) what it is and whether it has the target.
llvm::Expected<Rustc> find_rustc(const std::string& rustc, const std::string& target,
                                 const Workspace& workspace);

/// The line with which rustc says that it does not know a CPU or feature; empty when it knows them all. It
/// goes on then, and ends with status 0.
std::string unknown_to_rustc(const std::string& output);

/// A library crate whose only function, `linkdx_caller`, calls `function` by C's calling convention.
std::string rust_caller(const std::string& function);

}  // namespace linkdx::verify
