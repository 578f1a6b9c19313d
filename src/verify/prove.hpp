// One target's configurations, each taken through the steps. See prove.cpp.
#pragma once

#include <optional>

#include "configuration.hpp"
#include "linkdx/verify.hpp"
#include "runner.hpp"
#include "rust.hpp"

namespace linkdx::verify {

/// Everything that proving one target's configurations shares.
struct Toolchain {
  Compiler cc;
  std::optional<Compiler> cxx;
  std::optional<Rustc> rustc;
  Runner runner;
  std::chrono::seconds limit{60};
};

class Prover {
 public:
  /// `base`: what all code may need (defaults.hpp). The workspace holds the kernels' sources.
  Prover(const Toolchain& tools, const Workspace& workspace, isa::FeatureSet base);
  /// An error only when linkdx was interrupted.
  llvm::Expected<Configuration> prove(const std::string& name);

 private:
  using Result = llvm::Expected<std::string>;  ///< what was seen, or what is wrong
  /// A program that calls the kernel, and the language of its caller.
  struct Program {
    std::string language, path;
  };

  Result run_tool(const Compiler& compiler, std::vector<std::string> arguments);
  Result try_flags();
  Result try_rust_flags();
  Result compile_kernel();
  Result link_callers();
  std::string asked_of_cpu() const;
  Result link_check(const Compiler& compiler, const std::string& called,
                    const std::vector<std::string>& objects, const std::string& language);
  Result link_without_library(const std::string& why);
  Result compile_cxx_caller();
  Result compile_rust_caller();
  Result run_check(const std::string& program, const std::vector<std::string>& runner, bool may_lack,
                   bool& not_run);
  Result link_dispatcher();
  std::string tool_answers(const std::string& name);
  std::string path(std::string_view what) const;
  bool record(Configuration& result, Outcome outcome, std::string detail) const;
  bool record(Configuration& result, Result seen) const;
  bool set_up(Configuration& result);
  bool check_contents(Configuration& result);
  void run_programs(Configuration& result);
  void run_on_older_cpu(Configuration& result);

  const Toolchain& tools_;
  const Workspace& workspace_;
  std::string architecture_;
  isa::Arch arch_;
  isa::FeatureSet base_;
  llvm::Triple machine_;
  // Of the configuration at hand:
  unsigned number_ = 0;  // in file names
  Meaning meaning_;
  std::vector<std::string> flags_, cxxflags_, rustflags_;
  const Variant* variant_ = nullptr;
  bool above_baseline_ = false;  // whether the kernel's instructions are: an emulator may lack them
  std::vector<Program> programs_;
  std::string no_library_;  // why there are no programs
  std::string aside_;       // what was not tried with a step that passed
};

}  // namespace linkdx::verify
