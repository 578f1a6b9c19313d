// Proving configurations: each is taken through the steps a real kernel takes from flag to answer, and stops at the first that
// fails.
//
// A configuration is a level, a CPU or a set of features. The kernel's best variant for it is compiled by flags alone (the
// function attributes of the shim are off), since it is the flags that are on trial. Its caller is compiled for the baseline, as a
// program that chooses kernels at run time is. What an emulator or a CPU cannot show is "not run", and never a pass.
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <llvm/Support/Program.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/Triple.h>

#include "inspect.hpp"
#include "linkdx/log.hpp"
#include "linkdx/verify.hpp"

namespace linkdx::verify {
namespace {

constexpr std::string_view kernel = "pq4_sum";
constexpr std::string_view calls = "20000";

/// The steps, and what it means for a user when one fails.
struct StepInfo {
  std::string_view name, meaning;
};
constexpr StepInfo step_table[] = {
    {"flags", "the compiler does not take the flags. One that is too old for them or made for another architecture, or a wrapper that refuses them, looks like this"},
    {"compiles", "the flags were taken, and the kernel does not compile with them. A wrapper that drops or replaces flags, or a compiler too old for the instructions, looks like this"},
    {"defines", "the compiler said that it succeeded, and its object is not the kernel"},
    {"contains", "the object is not what the flags ask for. Flags dropped on the way, or others added (such as -march=native), look like this"},
    {"links", "a program for the baseline could not be linked with the kernel"},
    {"runs", "the kernel, as this compiler made it with these flags, computed wrong sums or did not end well: do not use them together"},
    {"older-cpu", "the dispatcher with all its variants did not work as it must on an older CPU"},
};
constexpr std::string_view timed_out_meaning =
    "a program did not end in time and was killed. One that waits (for a licence, a lock, a network) looks like this; --limit gives it longer";

/// Levels that are tried when none is given, and an older CPU of QEMU's for each architecture (qemu-ARCH -cpu help).
struct TargetInfo {
  std::string_view architecture;
  std::vector<std::string_view> configurations;
  std::string_view emulator, older_cpu;
};
const TargetInfo target_table[] = {
    {"x86_64", {"x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4", "icelake-server"}, "qemu-x86_64", "Nehalem"},
    {"i386", {"i686"}, "qemu-i386", "pentium3"},
    {"aarch64", {"armv8-a", "armv8.2-a"}, "qemu-aarch64", "cortex-a53"},
    {"arm", {"baseline"}, "qemu-arm", ""},
    {"riscv64", {"baseline"}, "qemu-riscv64", ""},
    {"ppc64le", {"baseline"}, "qemu-ppc64le", ""},
    {"powerpc64le", {"baseline"}, "qemu-ppc64le", ""},
    {"loongarch64", {"baseline"}, "qemu-loongarch64", ""},
    {"s390x", {"baseline"}, "qemu-s390x", ""},
};
const TargetInfo* target_info(std::string_view architecture) {
  for (const TargetInfo& info : target_table) {
    if (info.architecture == architecture) return &info;
  }
  return nullptr;
}

std::string first_line_with_error(const std::string& output) {
  std::size_t start = 0;
  while (start < output.size()) {
    const std::size_t end = std::min(output.find('\n', start), output.size());
    const std::string line = output.substr(start, end - start);
    if (line.find("error") != std::string::npos || line.find("undefined") != std::string::npos) return line;
    start = end + 1;
  }
  return output.substr(0, output.find('\n'));
}

/// What runs the target's programs: its command, empty for this machine itself.
struct Runner {
  std::vector<std::string> command;
  std::string missing;   ///< why there is none
};

Runner choose_runner(const std::string& asked, const llvm::Triple& machine) {
  const llvm::Triple host(llvm::sys::getDefaultTargetTriple());
  const TargetInfo* info = target_info(architecture_of(machine.str()));
  const bool native = machine.getArch() == host.getArch() && machine.getOS() == host.getOS();
  if (asked == "native" || (asked.empty() && native)) return {};
  std::string program = asked;
  if (asked == "qemu-user" || (asked.empty() && machine.isOSLinux())) {
    if (info == nullptr) return {{}, fmt::format("no emulator for {} is known", machine.getArchName().str())};
    program = info->emulator;
  } else if (asked.empty() && machine.isOSWindows()) {
    program = "wine";
  } else if (asked.empty()) {
    return {{}, fmt::format("nothing here runs programs for {}", machine.str())};
  }
  std::vector<std::string> command = log::split_command(program);
  if (command.empty() || !llvm::sys::findProgramByName(command.front()))
    return {{}, fmt::format("{} is not installed", program)};
  if (command.front().find('/') != std::string::npos) command.front() = std::filesystem::absolute(command.front()).string();
  return {command, {}};
}

/// Everything that proving one target's configurations shares.
class Prover {
 public:
  Prover(const Compiler& compiler, const Runner& runner, const Workspace& workspace, std::chrono::seconds limit)
      : compiler_(compiler), runner_(runner), workspace_(workspace), limit_(limit),
        architecture_(architecture_of(compiler.target)), arch_(isa::arch_of_name(architecture_)),
        machine_(llvm::Triple::normalize(compiler.machine)) {}

  /// An error only when linkdx was interrupted.
  llvm::Expected<Configuration> prove(const std::string& name);

 private:
  using Result = llvm::Expected<std::string>;   ///< what was seen, or what is wrong

  Result compile(std::vector<std::string> arguments);
  Result try_flags();
  Result compile_kernel();
  Result check_definition();
  Result check_contents();
  Result link_caller();
  Result run_check(const std::string& program, const std::vector<std::string>& runner, bool& not_run);
  Result link_dispatcher();
  std::vector<std::string> baseline_flags() const;
  std::string path(std::string_view what) const { return workspace_.file(fmt::format("{}-{}", number_, what)); }

  const Compiler& compiler_;
  const Runner& runner_;
  const Workspace& workspace_;
  std::chrono::seconds limit_;
  std::string architecture_;
  isa::Arch arch_;
  llvm::Triple machine_;
  unsigned number_ = 0;                 // of the configuration, in file names
  std::vector<std::string> flags_;
  isa::FeatureSet features_;
  const Variant* variant_ = nullptr;
};

llvm::Error error(const std::string& text) { return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str()); }

std::vector<std::string> Prover::baseline_flags() const {
  if (architecture_ == "x86_64") return {"-march=x86-64"};
  if (architecture_ == "aarch64") return {"-march=armv8-a"};
  return {};
}

Prover::Result Prover::compile(std::vector<std::string> arguments) {
  std::vector<std::string> command = compiler_.command;
  command.insert(command.end(), std::make_move_iterator(arguments.begin()), std::make_move_iterator(arguments.end()));
  llvm::Expected<Run> done = run(command, limit_, workspace_.path());
  if (!done) return done.takeError();
  if (done->succeeded()) return done->output;
  if (done->timed_out || done->output.empty()) return error(describe(*done, limit_));
  return error(first_line_with_error(done->output));
}

Prover::Result Prover::try_flags() {
  std::vector<std::string> arguments = flags_;
  arguments.insert(arguments.end(), {"-c", "empty.c", "-o", path("empty.o")});
  if (Result done = compile(arguments); !done) return done;
  return flags_.empty() ? std::string("no flags needed") : fmt::format("{}", fmt::join(flags_, " "));
}

Prover::Result Prover::compile_kernel() {
  std::vector<std::string> arguments = {"-std=gnu11", "-O3", "-w", "-ffreestanding", "-fno-lto", "-DLINKDX_BY_FLAGS"};
  arguments.insert(arguments.end(), flags_.begin(), flags_.end());
  arguments.insert(arguments.end(), {"-c", std::string(variant_->source), "-o", path("kernel.o")});
  if (Result done = compile(arguments); !done) return done;
  return std::string(variant_->source);
}

Prover::Result Prover::check_definition() {
  if (llvm::Error wrong = verify::check_definition(path("kernel.o"), *variant_, compiler_.target)) return wrong;
  return variant_->function();
}

Prover::Result Prover::check_contents() {
  llvm::Expected<isa::FeatureSet> needs = check_instructions(path("kernel.o"), *variant_, features_);
  if (!needs) return needs.takeError();
  const std::string above = joined(needs->minus(isa::baseline(arch_)));
  return above.empty() ? "needs the baseline" : "needs " + above;
}

Prover::Result Prover::link_caller() {
  std::vector<std::string> arguments = baseline_flags();
  arguments.insert(arguments.end(), {"-std=gnu11", "-O2", "-w", "-DLINKDX_CHECKED=" + variant_->function(),
                                     "-DLINKDX_CHECKED_NEEDS=" + std::string(variant_->needs), "pq4_sum_check.c", path("kernel.o"),
                                     "-o", path("check")});
  if (!runner_.command.empty()) arguments.emplace_back("-static");  // the emulator has no libraries of the target
  if (Result done = compile(arguments); !done) return done;
  return "with a caller for the baseline";
}

Prover::Result Prover::run_check(const std::string& program, const std::vector<std::string>& runner, bool& not_run) {
  std::vector<std::string> command = runner;
  command.insert(command.end(), {program, std::string(calls)});
  llvm::Expected<Run> done = run(command, limit_, workspace_.path());
  if (!done) return done.takeError();
  const std::string said = done->output.substr(0, done->output.find('\n'));
  not_run = done->exit_status == 77;
  if (not_run || done->succeeded()) return said;
  return error(said.empty() ? describe(*done, limit_) : said + " (" + describe(*done, limit_) + ")");
}

Prover::Result Prover::link_dispatcher() {
  const std::vector<const Variant*> all = variants_for(kernel, architecture_);
  std::string text = "#define LINKDX_KERNEL static\n";
  for (auto variant = all.rbegin(); variant != all.rend(); ++variant) text += fmt::format("#include \"{}\"\n", (*variant)->source);
  text += fmt::format("#include \"{}_dispatch.c\"\n", kernel);
  std::FILE* file = std::fopen(workspace_.file("dispatcher.c").c_str(), "wb");
  if (file == nullptr) return error("dispatcher.c cannot be written");
  std::fwrite(text.data(), 1, text.size(), file);
  std::fclose(file);
  std::vector<std::string> arguments = baseline_flags();
  arguments.insert(arguments.end(), {"-std=gnu11", "-O3", "-w", "-static", fmt::format("-DLINKDX_CHECKED={}", kernel),
                                     "dispatcher.c", "pq4_sum_check.c", "-o", path("dispatcher")});
  return compile(arguments);
}

llvm::Expected<Configuration> Prover::prove(const std::string& name) {
  Configuration result{name, {}, {}, {}};
  ++number_;
  auto record = [&](Outcome outcome, std::string detail) {
    const StepInfo& info = step_table[result.steps.size()];
    std::string_view meaning;
    if (outcome == Outcome::Failed) meaning = detail.find("timed out after ") != std::string::npos ? timed_out_meaning : info.meaning;
    result.steps.push_back({std::string(info.name), outcome, std::move(detail), std::string(meaning)});
    return outcome != Outcome::Failed;
  };
  auto step = [&](Result seen) {
    if (!seen) return record(Outcome::Failed, llvm::toString(seen.takeError()));
    return record(Outcome::Passed, *seen);
  };

  // The name: a level or CPU, or features.
  const isa::Tool tool = compiler_.clang ? isa::Tool::Clang : isa::Tool::Gcc;
  features_ = isa::baseline(arch_);
  flags_.clear();
  if (const std::optional<isa::Level> level = isa::find_level(name, arch_)) {
    features_ = level->features;
    flags_ = isa::flags_for_level(name, arch_, tool);
  } else if (name != "baseline") {
    isa::FeatureSet features(arch_);
    std::size_t start = 0;
    while (start <= name.size()) {
      const std::size_t end = std::min(name.find(',', start), name.size());
      const std::string feature = name.substr(start, end - start);
      if (!features.add(feature)) {
        record(Outcome::Failed, fmt::format("`{}` is no level, CPU or feature of {} that linkdx knows", feature, architecture_));
        result.steps.back().meaning = "`linkdx flags` knows how tools spell features";
        return result;
      }
      start = end + 1;
    }
    const isa::Flags said = isa::flags_for(features, tool);
    flags_ = said.arguments;
    features_.add(isa::with_implied(features));
    if (!said.unnamed.empty()) {
      record(Outcome::Failed, fmt::format("{} has no flag for {}", compiler_.clang ? "clang" : "GCC", fmt::join(said.unnamed, ", ")));
      return result;
    }
  }
  result.flags = flags_;
  for (const Variant* each : variants_for(kernel, architecture_)) {
    if (isa::with_implied(features_).contains(features_of(*each, arch_)) || each->needs == "0") variant_ = each;
  }
  result.variant = variant_->name;

  const bool decodes = isa::supported(arch_) && machine_.isOSBinFormatELF();
  if (!step(try_flags()) || !step(compile_kernel()) || !step(check_definition())) return result;
  if (!decodes) record(Outcome::NotRun, fmt::format("instructions are not read for {} objects of {}",
                                                    llvm::Triple::getObjectFormatTypeName(machine_.getObjectFormat()).str(), architecture_));
  else if (!step(check_contents())) return result;
  if (!step(link_caller())) return result;

  bool not_run = false;
  if (!runner_.missing.empty()) {
    record(Outcome::NotRun, runner_.missing);
  } else {
    Result seen = run_check(path("check"), runner_.command, not_run);
    if (not_run && seen) record(Outcome::NotRun, *seen);
    else if (!step(std::move(seen))) return result;
  }

  const TargetInfo* info = target_info(architecture_);
  if (info == nullptr || info->older_cpu.empty() || !machine_.isOSLinux()) {
    record(Outcome::NotRun, "no older CPU to try is known for this target");
  } else if (!llvm::sys::findProgramByName(info->emulator)) {
    record(Outcome::NotRun, fmt::format("{} is not installed (Debian: qemu-user)", info->emulator));
  } else {
    if (Result linked = link_dispatcher(); !linked) {
      record(Outcome::Failed, llvm::toString(linked.takeError()));
      return result;
    }
    Result seen = run_check(path("dispatcher"), {std::string(info->emulator), "-cpu", std::string(info->older_cpu)}, not_run);
    if (seen) *seen += fmt::format(" through the dispatcher on QEMU's {}", info->older_cpu);
    step(std::move(seen));
  }
  return result;
}

}  // namespace

std::span<const std::string_view> step_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const StepInfo& info : step_table) all.push_back(info.name);
    return all;
  }();
  return names;
}

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::Passed: return "passed";
    case Outcome::Failed: return "failed";
    case Outcome::NotRun: break;
  }
  return "not-run";
}

bool Configuration::failed() const {
  return std::any_of(steps.begin(), steps.end(), [](const Step& step) { return step.outcome == Outcome::Failed; });
}

bool Configuration::proved() const {
  return !failed() && std::any_of(steps.begin(), steps.end(), [](const Step& step) {
    return step.name == "runs" && step.outcome == Outcome::Passed;
  });
}

llvm::Expected<Matrix> verify(const VerifyRequest& request) {
  llvm::Expected<Compiler> compiler = find_compiler(request.compiler, request.target);
  if (!compiler) return compiler.takeError();
  llvm::Expected<Workspace> workspace = Workspace::create();
  if (!workspace) return workspace.takeError();
  Matrix matrix;
  if (request.keep) {
    workspace->keep();
    matrix.workspace = workspace->path();
  }
  if (llvm::Error failed = write_kernel_sources(workspace->path())) return failed;
  if (std::FILE* file = std::fopen(workspace->file("empty.c").c_str(), "wb"); file != nullptr) {
    std::fputs("typedef int nothing;\n", file);
    std::fclose(file);
  }
  const Runner runner = choose_runner(request.runner, llvm::Triple(llvm::Triple::normalize(compiler->machine)));
  matrix.compiler = *compiler;
  matrix.runner = !runner.missing.empty() ? "" : runner.command.empty() ? "native" : fmt::format("{}", fmt::join(runner.command, " "));

  std::vector<std::string> names = request.configurations;
  if (names.empty()) {
    const TargetInfo* info = target_info(architecture_of(compiler->target));
    if (info == nullptr) names.emplace_back("baseline");
    else names.assign(info->configurations.begin(), info->configurations.end());
  }
  Prover prover(*compiler, runner, *workspace, request.limit);
  for (const std::string& name : names) {
    llvm::Expected<Configuration> configuration = prover.prove(name);
    if (!configuration) return configuration.takeError();
    if (Interruptible::signal() != 0) return error("interrupted");
    matrix.configurations.push_back(std::move(*configuration));
  }
  return matrix;
}

}  // namespace linkdx::verify
