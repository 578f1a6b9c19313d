// Proving configurations: each is taken through the steps a real kernel takes from flag to answer, and stops
// at the first that fails.
//
// A configuration is a level, a CPU or a set of features. The kernel's best variant for it is compiled by
// flags alone (the function attributes of the shim are off), since it is the flags that are on trial. Its
// callers in C and C++ are compiled for the baseline, as a program that chooses kernels at run time is; the
// one in Rust with the configuration's own flags, because whether rustc takes them is the question. What an
// emulator or a CPU cannot show is "not run", and never a pass.
#include "prove.hpp"

#include <algorithm>
#include <csignal>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <llvm/Support/Program.h>

#include "inspect.hpp"
#include "linkdx/language.hpp"
#include "object_view.hpp"
#include "targets.hpp"
#include "translation.hpp"

namespace linkdx::verify {
namespace {

constexpr std::string_view kernel = "pq4_sum";
constexpr std::string_view calls = "20000";
/// What pq4_sum_check.c ends with when the CPU lacks the features.
constexpr int status_not_run = 77;

/// The steps, and what it means for a user when one fails.
struct StepInfo {
  std::string_view name, meaning;
};
constexpr StepInfo step_table[] = {
    {"flags",
     N_("the compiler does not take the flags, or says that it does not know what they name. One that is too "
        "old for them or made for another architecture, or a wrapper that refuses them, looks like this")},
    {"compiles",
     N_("the flags were taken, and the kernel does not compile with them. A wrapper that drops or replaces "
        "flags, or a compiler too old for the instructions, looks like this")},
    {"defines", N_("the compiler said that it succeeded, and its object is not the kernel")},
    {"contains",
     N_("the object is not what the flags ask for. Flags dropped on the way, or others added (such as "
        "-march=native), look like this")},
    {"links", N_("a caller could not be linked with the kernel")},
    {"runs", N_("the kernel, as this compiler made it with these flags, computed wrong sums or did not end "
                "well: do not "
                "use them together")},
    {"older-cpu", N_("the dispatcher with all its variants did not work as it must on an older CPU")},
};
constexpr std::string_view timed_out_meaning = N_(
    "a program did not end in time and was killed. One that waits (for a licence, a lock, a network) looks "
    "like this; --limit gives it longer");

constexpr std::string_view cxx_caller = R"(#include "pq4_sum.h"
extern "C" LINKDX_PQ4_SUM(LINKDX_CALLED);
extern "C" LINKDX_PQ4_SUM(linkdx_caller) { LINKDX_CALLED(codes, code_length, dist_table, dists); }
)";
constexpr std::string_view bare_caller = R"bare(#include "pq4_sum.h"
LINKDX_PQ4_SUM(LINKDX_CALLED);
void linkdx_start(void) { uint16_t dists[32]; LINKDX_CALLED((const uint8_t *)"", 0, (const uint8_t *)"", dists); }
)bare";

llvm::Error error(const std::string& text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str());
}

isa::Tool tool_of(const Compiler& compiler) {
  return compiler.clang ? isa::Tool::Clang : isa::Tool::Gcc;
}

void append(std::vector<std::string>& words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
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

Prover::Prover(const Toolchain& tools, const Workspace& workspace, isa::FeatureSet base)
    : tools_(tools),
      workspace_(workspace),
      architecture_(architecture_of(tools.cc.target)),
      arch_(isa::arch_of_name(architecture_)),
      base_(std::move(base)),
      machine_(triple_of(tools.cc.machine)) {}

std::string Prover::path(std::string_view what) const {
  return workspace_.file(fmt::format("{}-{}", number_, what));
}

bool Prover::record(Configuration& result, Outcome outcome, std::string detail) const {
  const StepInfo& info = step_table[result.steps.size()];
  std::string_view meaning;
  Run hung;
  hung.timed_out = true;
  if (outcome == Outcome::Failed)
    meaning =
        detail.find(describe(hung, tools_.limit)) != std::string::npos ? timed_out_meaning : info.meaning;
  result.steps.push_back({std::string(info.name), outcome, std::move(detail), say(meaning)});
  return outcome != Outcome::Failed;
}

bool Prover::record(Configuration& result, Result seen) const {
  if (!seen) return record(result, Outcome::Failed, llvm::toString(seen.takeError()));
  return record(result, Outcome::Passed, *seen);
}

/// The output of a tool that succeeded.
Prover::Result Prover::run_tool(const Compiler& compiler, std::vector<std::string> arguments) {
  std::vector<std::string> command = compiler.command;
  append(command, arguments);
  llvm::Expected<Run> done = run(command, tools_.limit, workspace_.path());
  if (!done) return done.takeError();
  if (done->succeeded()) return done->output;
  if (done->timed_out || done->output.empty()) return error(describe(*done, tools_.limit));
  return error(first_error(done->output));
}

Prover::Result Prover::try_flags() {
  const auto told = [](const std::vector<std::string>& flags) {
    return flags.empty() ? std::string(say("no flags needed")) : fmt::format("{}", fmt::join(flags, " "));
  };
  std::vector<std::string> arguments = flags_;
  append(arguments, {"-c", "empty.c", "-o", path("empty.o")});
  if (Result done = run_tool(tools_.cc, arguments); !done) return done;
  std::string said = told(flags_);
  if (tools_.cxx) {
    arguments = cxxflags_;
    append(arguments, {"-c", "empty.cpp", "-o", path("empty.o")});
    if (Result done = run_tool(*tools_.cxx, arguments); !done)
      return error("C++: " + llvm::toString(done.takeError()));
    said += "; C++: " + told(cxxflags_);
  }
  if (tools_.rustc) {
    Result done = try_rust_flags();
    if (!done) return error("rustc: " + llvm::toString(done.takeError()));
    said += "; rustc: " + told(rustflags_);
  }
  return said;
}

/// rustc says what it does not know and goes on, so its output counts.
Prover::Result Prover::try_rust_flags() {
  std::vector<std::string> arguments = rustflags_;
  if (tools_.rustc->without_core.empty())
    append(arguments, {"--crate-type", "lib", "--emit=obj", "core.rs", "-o", path("core.o")});
  else
    append(arguments, {"--print", "cfg"});
  Result done = run_tool(tools_.rustc->compiler, arguments);
  if (!done) return done;
  const std::string unknown = unknown_to_rustc(*done);
  return unknown.empty() ? std::string() : Result(error(say("{} (and exit status 0)", unknown)));
}

Prover::Result Prover::compile_kernel() {
  std::vector<std::string> arguments = {"-std=gnu11",     "-O3",      "-w",
                                        "-ffreestanding", "-fno-lto", "-DLINKDX_BY_FLAGS"};
  append(arguments, flags_);
  append(arguments, {"-c", std::string(variant_->source), "-o", path("kernel.o")});
  if (Result done = run_tool(tools_.cc, arguments); !done) return done;
  return std::string(variant_->source);
}

/// False after recording what is wrong.
bool Prover::check_contents(Configuration& result) {
  if (!isa::supported(arch_))
    return record(result, Outcome::NotRun, say("instructions are not read for {}", architecture_));
  isa::FeatureSet allowed = meaning_.features;
  allowed.add(base_);
  llvm::Expected<Contents> contents =
      check_instructions(path("kernel.o"), features_of(*variant_, arch_), allowed);
  if (!contents) return record(result, Outcome::Failed, llvm::toString(contents.takeError()));
  const std::string above = joined(contents->features.minus(isa::baseline(arch_)));
  above_baseline_ = !above.empty();
  const std::string said = above.empty() ? say("needs the baseline") : say("needs {}", above);
  if (contents->unread.empty()) return record(result, Outcome::Passed, said);
  return record(result, Outcome::NotRun, say("{}, as far as it is read: {}", said, contents->unread));
}

/// What the CPU is asked for before the kernel is called; nothing in an emulator where nobody can tell.
std::string Prover::asked_of_cpu() const {
  const TargetInfo* info = target_info(architecture_);
  if (tools_.runner.emulates && info != nullptr && !info->told) return "0";
  return std::string(variant_->needs);
}

/// A program that holds `called` against the plain definition.
Prover::Result Prover::link_check(const Compiler& compiler, const std::string& called,
                                  const std::vector<std::string>& objects, const std::string& language) {
  const std::string program = path("check-" + language + (machine_.isOSWindows() ? ".exe" : ""));
  std::vector<std::string> arguments = baseline_flags(architecture_);
  append(arguments, {"-std=gnu11", "-O2", "-w", "-DLINKDX_CHECKED=" + called,
                     "-DLINKDX_CHECKED_NEEDS=" + asked_of_cpu()});
  // A WebAssembly module is for one set of features as a whole.
  if (machine_.isWasm()) append(arguments, flags_);
  const bool is_static =
      !tools_.runner.command.empty() && !machine_.isWasm();  // the emulator has no libraries of the target
  if (&compiler == &tools_.cc) {
    arguments.emplace_back("pq4_sum_check.c");
  } else {
    // A C++ compiler would read the program as C++.
    append(arguments, {"-c", "pq4_sum_check.c", "-o", path("check.o")});
    if (Result done = run_tool(tools_.cc, arguments); !done) return done;
    arguments = baseline_flags(architecture_);
    arguments.push_back(path("check.o"));
  }
  append(arguments, objects);
  append(arguments, {"-o", program});
  if (is_static) arguments.emplace_back("-static");
  if (Result done = run_tool(compiler, arguments); !done) return done;
  programs_.push_back({language, program});
  return language;
}

/// A cross compiler may have no C library. That the kernel links is shown without one then; it cannot be run.
Prover::Result Prover::link_without_library(const std::string& why) {
  if (llvm::Error failed = write_text(workspace_.file("bare.c"), bare_caller)) return failed;
  std::string entry = "-Wl,-e," + symbol_prefix(machine_) + "linkdx_start";
  if (machine_.isWasm()) entry = "-Wl,--no-entry,--export=linkdx_start";
  if (machine_.isWindowsMSVCEnvironment()) entry = "-Wl,/entry:linkdx_start,/subsystem:console";
  std::vector<std::string> arguments = baseline_flags(architecture_);
  append(arguments,
         {"-std=gnu11", "-O2", "-w", "-ffreestanding", "-fno-stack-protector", "-nostdlib",
          "-DLINKDX_CALLED=" + variant_->function(), "bare.c", path("kernel.o"), entry, "-o", path("bare")});
  if (Result done = run_tool(tools_.cc, arguments); !done) {
    return error(say("{}; and without a C library: {}", why, llvm::toString(done.takeError())));
  }
  no_library_ = say("no program for the target could be made with a C library: {}", why);
  return say("with a C caller for the baseline, without a C library");
}

Prover::Result Prover::compile_cxx_caller() {
  if (llvm::Error failed = write_text(workspace_.file("caller.cpp"), cxx_caller)) return failed;
  std::vector<std::string> arguments = baseline_flags(architecture_);
  append(arguments, {"-O2", "-w", "-DLINKDX_CALLED=" + variant_->function(), "-c", "caller.cpp", "-o",
                     path("caller-c++.o")});
  return run_tool(*tools_.cxx, arguments);
}

Prover::Result Prover::compile_rust_caller() {
  if (llvm::Error failed = write_text(workspace_.file("caller.rs"), rust_caller(variant_->function())))
    return failed;
  std::vector<std::string> arguments = rustflags_;
  append(arguments, {"--crate-type", "lib", "--emit=obj", "-C", "opt-level=3", "-C", "panic=abort",
                     "caller.rs", "-o", path("caller-rust.o")});
  return run_tool(tools_.rustc->compiler, arguments);
}

Prover::Result Prover::link_callers() {
  Result linked = link_check(tools_.cc, variant_->function(), {path("kernel.o")}, "C");
  if (!linked) return link_without_library(llvm::toString(linked.takeError()));
  std::string said = say("callers: {}", "C");
  if (tools_.cxx) {
    Result done = compile_cxx_caller();
    if (done)
      done = link_check(*tools_.cxx, "linkdx_caller", {path("caller-c++.o"), path("kernel.o")}, "C++");
    if (!done) return error("C++: " + llvm::toString(done.takeError()));
    said += ", C++";
  }
  if (!tools_.rustc) return said;
  if (!tools_.rustc->without_core.empty()) {
    aside_ = say("no caller in Rust: {}", tools_.rustc->without_core);
    return said + "; " + aside_;
  }
  Result done = compile_rust_caller();
  if (done) done = link_check(tools_.cc, "linkdx_caller", {path("caller-rust.o"), path("kernel.o")}, "Rust");
  if (!done) return error("Rust: " + llvm::toString(done.takeError()));
  return said + ", Rust";
}

/// `may_lack`: an illegal instruction is the emulator's, not the kernel's, whose instructions were read.
Prover::Result Prover::run_check(const std::string& program, const std::vector<std::string>& runner,
                                 bool may_lack, bool& not_run) {
  std::vector<std::string> command = runner;
  append(command, {program, std::string(calls)});
  llvm::Expected<Run> done = run(command, tools_.limit, workspace_.path());
  if (!done) return done.takeError();
  // A runner may have talked before; the program says one line.
  const llvm::StringRef output = llvm::StringRef(done->output).rtrim();
  const std::string said = output.substr(output.rfind('\n') + 1).str();
  const bool illegal = done->signal == SIGILL || done->exit_status == 128 + SIGILL;
  not_run = done->exit_status == status_not_run || (may_lack && illegal);
  if (may_lack && illegal)
    return say("{} does not know an instruction of {}", tools_.runner.name, variant_->function());
  if (not_run || done->succeeded()) return said;
  return error(said.empty() ? describe(*done, tools_.limit)
                            : said + " (" + describe(*done, tools_.limit) + ")");
}

Prover::Result Prover::link_dispatcher() {
  llvm::Expected<Usable> usable = usable_variants(tools_.cc, kernel, workspace_, tools_.limit);
  if (!usable) return usable.takeError();
  const std::string source = workspace_.file("dispatcher.c"), object = workspace_.file("dispatcher.o");
  if (llvm::Error failed =
          write_text(source, translation_unit(usable->variants, usable->others, kernel, kernel)))
    return failed;
  Compiler whole = tools_.cc;
  whole.command = compile_command(tools_.cc, source, object, workspace_.path());
  if (Result done = run_tool(whole, {}); !done) return done;
  std::vector<std::string> arguments = baseline_flags(architecture_);
  append(arguments, {"-std=gnu11", "-O2", "-w", "-static", fmt::format("-DLINKDX_CHECKED={}", kernel),
                     "pq4_sum_check.c", object, "-o", path("dispatcher")});
  return run_tool(tools_.cc, arguments);
}

/// What the tools say of a name that linkdx does not know, given as a CPU.
std::string Prover::tool_answers(const std::string& name) {
  std::string answers;
  std::vector<std::string> arguments = {"-march=" + name, "-c", "empty.c", "-o", path("empty.o")};
  if (Result done = run_tool(tools_.cc, arguments); !done)
    answers += say("; as a CPU the C compiler says: {}", llvm::toString(done.takeError()));
  else
    answers += say("; the C compiler takes it as a CPU");
  if (!tools_.rustc) return answers;
  rustflags_ = {"-C", "target-cpu=" + name};
  if (Result done = try_rust_flags(); !done)
    answers += say("; rustc says: {}", llvm::toString(done.takeError()));
  else
    answers += say("; rustc takes it as a CPU");
  return answers;
}

/// From the name to features, flags and variant. False after recording why not.
bool Prover::set_up(Configuration& result) {
  meaning_ = meaning_of(result.name, arch_);
  if (!meaning_.unknown.empty()) {
    std::string detail =
        say("`{}` is no level, CPU or feature of {} that linkdx knows", meaning_.unknown, architecture_);
    if (meaning_.unknown == result.name) detail += tool_answers(result.name);
    record(result, Outcome::Failed, std::move(detail));
    result.steps.back().meaning =
        say("linkdx cannot tell what it asks for; `linkdx flags` knows how tools spell features");
    return false;
  }
  struct Told {
    const char* who;
    isa::Tool tool;
    std::vector<std::string>& flags;
    bool asked;
  };
  const Told all[] = {{tools_.cc.clang ? "clang" : "GCC", tool_of(tools_.cc), flags_, true},
                      {N_("the C++ compiler"), tools_.cxx ? tool_of(*tools_.cxx) : isa::Tool::Gcc, cxxflags_,
                       tools_.cxx.has_value()},
                      {"rustc", isa::Tool::Rustc, rustflags_, tools_.rustc.has_value()}};
  for (const Told& each : all) {
    if (!each.asked) continue;
    isa::Flags said = flags_of(result.name, meaning_, arch_, each.tool);
    if (result.name == "baseline" && each.tool != isa::Tool::Rustc)
      said.arguments = baseline_flags(architecture_);
    each.flags = std::move(said.arguments);
    if (!said.unnamed.empty())
      return record(result, Outcome::Failed,
                    say("{} has no flag for {}", translated(each.who), fmt::join(said.unnamed, ", ")));
  }
  result.flags = flags_;
  result.rustflags = rustflags_;
  for (const Variant* each : variants_for(kernel, architecture_)) {
    if (isa::with_implied(meaning_.features).contains(features_of(*each, arch_)) || each->needs == "0")
      variant_ = each;
  }
  result.variant = variant_->name;
  return true;
}

void Prover::run_programs(Configuration& result) {
  if (!no_library_.empty() || !tools_.runner.missing.empty()) {
    record(result, Outcome::NotRun, !no_library_.empty() ? no_library_ : tools_.runner.missing);
    return;
  }
  std::string said;
  for (const Program& program : programs_) {
    bool not_run = false;
    Result seen =
        run_check(program.path, tools_.runner.command, tools_.runner.emulates && above_baseline_, not_run);
    if (!seen) {
      record(result, Outcome::Failed,
             (program.language == "C" ? "" : program.language + ": ") + llvm::toString(seen.takeError()));
      return;
    }
    if (not_run) {
      record(result, Outcome::NotRun, *seen);
      return;
    }
    said += (said.empty() ? "" : "; ") + (program.language == "C" ? "" : program.language + ": ") + *seen;
  }
  record(result, Outcome::Passed, said);
}

void Prover::run_on_older_cpu(Configuration& result) {
  const TargetInfo* info = target_info(architecture_);
  if (info == nullptr || info->older_cpu.empty() || !machine_.isOSLinux()) {
    record(result, Outcome::NotRun, say("no older CPU to try is known for this target"));
  } else if (!no_library_.empty()) {
    record(result, Outcome::NotRun, no_library_);
  } else if (!llvm::sys::findProgramByName(info->emulator)) {
    record(result, Outcome::NotRun, say("{} is not installed (Debian: {})", info->emulator, "qemu-user"));
  } else if (Result linked = link_dispatcher(); !linked) {
    record(result, Outcome::Failed, llvm::toString(linked.takeError()));
  } else {
    bool not_run = false;
    Result seen =
        run_check(path("dispatcher"), {std::string(info->emulator), "-cpu", std::string(info->older_cpu)},
                  false, not_run);
    if (seen) *seen = say("{} through the dispatcher on QEMU's {}", *seen, info->older_cpu);
    record(result, std::move(seen));
  }
}

llvm::Expected<Configuration> Prover::prove(const std::string& name) {
  Configuration result{name, {}, {}, {}, {}};
  ++number_;
  programs_.clear();
  no_library_.clear();
  above_baseline_ = false;
  flags_.clear(), cxxflags_.clear(), rustflags_.clear();
  if (!set_up(result)) return result;
  if (!record(result, try_flags()) || !record(result, compile_kernel())) return result;
  if (llvm::Error wrong = check_definition(path("kernel.o"), variant_->function(), tools_.cc.target)) {
    record(result, Outcome::Failed, llvm::toString(std::move(wrong)));
    return result;
  }
  record(result, Outcome::Passed, variant_->function());
  if (!check_contents(result)) return result;
  if (!record(result, link_callers())) return result;
  run_programs(result);
  if (!result.failed()) run_on_older_cpu(result);
  return result;
}

}  // namespace linkdx::verify
