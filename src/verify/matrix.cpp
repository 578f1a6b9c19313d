// The matrix: configurations by steps, for one toolchain. What the tools are is asked once; prove.cpp does
// the rest.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "defaults.hpp"
#include "prove.hpp"
#include "targets.hpp"
#include "translation.hpp"

namespace linkdx::verify {
namespace {

llvm::Error error(const std::string& text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str());
}

/// What a runner left behind is ended before the workspace goes.
struct Afterwards {
  const Runner& runner;
  ~Afterwards() {
    if (runner.afterwards.empty()) return;
    if (llvm::Expected<Run> done = run(runner.afterwards, std::chrono::seconds(10)); !done)
      llvm::consumeError(done.takeError());
  }
};

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::Passed:
      return "passed";
    case Outcome::Failed:
      return "failed";
    case Outcome::NotRun:
      break;
  }
  return "not-run";
}

bool Configuration::failed() const {
  return std::any_of(steps.begin(), steps.end(),
                     [](const Step& step) { return step.outcome == Outcome::Failed; });
}

bool Configuration::proved() const {
  return !failed() && std::any_of(steps.begin(), steps.end(), [](const Step& step) {
    return step.name == "runs" && step.outcome == Outcome::Passed;
  });
}

llvm::Expected<Matrix> verify(const VerifyRequest& request) {
  Toolchain tools;
  tools.limit = request.limit;
  llvm::Expected<Compiler> compiler = find_compiler(request.compiler, request.target);
  if (!compiler) return compiler.takeError();
  tools.cc = *compiler;
  if (!request.cxx.empty()) {
    llvm::Expected<Compiler> cxx = find_compiler(request.cxx, tools.cc.target);
    if (!cxx) return cxx.takeError();
    tools.cxx = *cxx;
  }
  llvm::Expected<Workspace> workspace = Workspace::create();
  if (!workspace) return workspace.takeError();
  Matrix matrix;
  if (request.keep) {
    workspace->keep();
    matrix.workspace = workspace->path();
  }
  if (!request.rustc.empty()) {
    llvm::Expected<Rustc> rustc = find_rustc(request.rustc, tools.cc.target, *workspace);
    if (!rustc) return rustc.takeError();
    matrix.rustc = rustc->compiler;
    tools.rustc = std::move(*rustc);
  }
  if (llvm::Error failed = write_kernel_sources(workspace->path())) return failed;
  for (const char* empty : {"empty.c", "empty.cpp"}) {
    if (llvm::Error failed = write_text(workspace->file(empty), "typedef int nothing;\n")) return failed;
  }
  llvm::Expected<Runner> runner = choose_runner(request.runner, triple_of(tools.cc.machine), *workspace);
  if (!runner) return runner.takeError();
  tools.runner = std::move(*runner);
  matrix.compiler = tools.cc;
  matrix.cxx = tools.cxx;
  matrix.runner = tools.runner.name;

  std::vector<std::string> names = request.configurations;
  if (names.empty()) {
    const TargetInfo* info = target_info(architecture_of(tools.cc.target));
    names = info == nullptr ? std::vector<std::string>{"baseline"} : words_of(info->configurations);
  }
  const Afterwards afterwards{tools.runner};
  llvm::Expected<isa::FeatureSet> base = base_features(tools.cc, *workspace, tools.limit);
  if (!base) return base.takeError();
  Prover prover(tools, *workspace, *base);
  for (const std::string& name : names) {
    llvm::Expected<Configuration> configuration = prover.prove(name);
    if (!configuration) return configuration.takeError();
    if (Interruptible::signal() != 0) return error("interrupted");
    matrix.configurations.push_back(std::move(*configuration));
  }
  return matrix;
}

}  // namespace linkdx::verify
