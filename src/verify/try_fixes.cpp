// Fixes tried before the user applies them. Three kinds can be tried in a private directory:
//
//   - a reference kernel: made by the command that the fix names, inspected, run against the plain
//   definition, and put
//     into the replayed link;
//   - flags for the C compiler: the flags of the compile that failed are given to the compiler with the
//   reference kernel, first as
//     they were, which must fail, then as the fix has them, which must make what they ask for;
//   - arguments of the link: added to the command, which is replayed in memory; or, where the link itself may
//   be run, run
//     again with all that it writes in the private directory.
//
// Everything else (packages, edits, a build script that has to run again) is left alone. The flags come from
// a log, so only words of the form -mNAME or -mNAME=VALUE are handed to a compiler, and only to one that the
// user named.
#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <llvm/Support/FileSystem.h>

#include "inspect.hpp"
#include "linkdx/language.hpp"
#include "object_view.hpp"
#include "runner.hpp"
#include "scratch_link.hpp"
#include "targets.hpp"
#include "translation.hpp"

namespace linkdx::verify {
namespace {

constexpr std::string_view flag_kernel = "pq4_sum";  // what flags are tried on
constexpr std::string_view calls = "20000";

/// What came of trying one fix.
struct Attempt {
  enum class Kind { NotTried, Passed, Failed } kind = Kind::NotTried;
  std::string command,
      result;  ///< NotTried: `result` is the reason; empty when there is nothing in it to try
};

Attempt not_tried(std::string why) {
  return {Attempt::Kind::NotTried, {}, std::move(why)};
}

void append(std::vector<std::string>& words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
}

// ---- The link ----

std::vector<std::string> undefined_of(const link::Replay& replay, const diagnose::Diagnosis& diagnosis,
                                      const diagnose::Case& facts) {
  std::vector<std::string> names;
  for (const link::Undefined& undefined : replay.undefined) {
    for (const diagnose::SymbolFacts& symbol : facts.symbols) {
      const bool asked = std::find(diagnosis.symbols.begin(), diagnosis.symbols.end(), symbol.name) !=
                         diagnosis.symbols.end();
      if (asked && symbol.linker_name == undefined.name) names.push_back(undefined.name);
    }
  }
  return names;
}

/// Whether a replay of this link can say anything about the diagnosis: it was seen whole, and shows the
/// failure.
bool replay_shows_failure(const diagnose::Diagnosis& diagnosis, const diagnose::Case& facts) {
  return facts.plan && facts.replay && facts.replay->complete &&
         !undefined_of(*facts.replay, diagnosis, facts).empty();
}

/// The link with other inputs or arguments; the names of the diagnosis that stay undefined.
std::vector<std::string> undefined_in(const link::Plan& plan, const diagnose::Diagnosis& diagnosis,
                                      const diagnose::Case& facts) {
  artifact::Store store;
  return undefined_of(link::replay(plan, facts.link_directory, store, isa::same_family), diagnosis, facts);
}

/// Arguments that the fix adds to the link, before and after the inputs. Those through rustc go behind, as
/// rustc has them.
struct LinkArguments {
  std::vector<std::string> before, after;
};
LinkArguments link_arguments(const fix::Apply& apply) {
  LinkArguments arguments{apply.ldflags, apply.ldlibs};
  for (const std::string& flag : apply.rustflags) {
    const std::size_t at = flag.find("link-arg=");
    if (at != std::string::npos)
      arguments.after.push_back(flag.substr(at + std::string_view("link-arg=").size()));
  }
  return arguments;
}

/// A link may take minutes; this is for those that hang.
constexpr std::chrono::seconds longest_link{1800};

Attempt try_real_link(const LinkArguments& more, const log::Command& link, const Workspace& workspace) {
  llvm::Expected<ScratchLink> scratch = scratch_link(link, more.before, more.after, workspace);
  if (!scratch) return not_tried(llvm::toString(scratch.takeError()));
  std::vector<std::string> words = more.before;
  append(words, more.after);
  Attempt attempt{
      Attempt::Kind::Failed, say("the link run again with {}, to another output", fmt::join(words, " ")), {}};
  llvm::Expected<Run> done = run(scratch->command, longest_link, link.directory);
  if (!done) return not_tried(llvm::toString(done.takeError()));
  if (done->succeeded() && llvm::sys::fs::exists(scratch->output)) {
    attempt.kind = Attempt::Kind::Passed;
    attempt.result = say("it links");
  } else {
    attempt.result =
        done->output.empty() || done->timed_out ? describe(*done, longest_link) : first_error(done->output);
  }
  return attempt;
}

Attempt try_link(const fix::Fix& fix, const diagnose::Diagnosis& diagnosis, const diagnose::Case& facts,
                 const TryRequest& request, const Workspace& workspace) {
  const LinkArguments more = link_arguments(fix.apply);
  if (request.link != nullptr) return try_real_link(more, *request.link, workspace);
  if (!replay_shows_failure(diagnosis, facts))
    return not_tried(say("the link cannot be replayed whole, so a replay with the fix would show nothing"));
  std::vector<std::string> arguments = facts.failure->command->arguments;
  arguments.insert(arguments.begin() + 1, more.before.begin(), more.before.end());
  append(arguments, more.after);
  std::vector<Skipped> problems;
  link::Plan plan = link::plan_from_command(arguments, facts.failure->command->directory, problems);
  plan.archive_order_matters = facts.plan->archive_order_matters;
  const std::vector<std::string> left = undefined_in(plan, diagnosis, facts);
  std::vector<std::string> words = more.before;
  append(words, more.after);
  const std::string command = say("the link replayed in memory with {}", fmt::join(words, " "));
  if (left.empty()) return {Attempt::Kind::Passed, command, say("nothing of this diagnosis stays undefined")};
  return {Attempt::Kind::Failed, command, say("{} stays undefined", fmt::join(left, ", "))};
}

// ---- The reference kernel ----

bool is_shim(const std::vector<std::string>& command) {
  return command.size() > 2 && command[0] == "linkdx" && command[1] == "shim";
}

ShimRequest shim_request(const std::vector<std::string>& command, const std::string& compiler,
                         const std::string& output) {
  ShimRequest request{{}, {}, compiler, output};
  for (std::size_t i = 2; i < command.size(); ++i) {
    if (command[i] == "-o")
      ++i;
    else if (command[i] == "--target" && i + 1 < command.size())
      request.target = command[++i];
    else
      request.symbols.push_back(command[i]);
  }
  return request;
}

/// Runs the archive's function against the plain definition: `equal: 20000 calls under qemu-aarch64`. An
/// error when it is wrong.
llvm::Expected<std::string> run_shim(const Shim& shim, const Workspace& workspace,
                                     std::chrono::seconds limit) {
  if (llvm::Error failed = write_kernel_sources(workspace.path())) return failed;
  const llvm::Triple machine = triple_of(shim.compiler.machine);
  llvm::Expected<Runner> runner = choose_runner({}, machine, workspace);
  if (!runner) return runner.takeError();
  if (!runner->missing.empty()) return say("not run: {}", runner->missing);
  std::string said;
  for (const Shim::Made& made : shim.made) {
    const std::string check = made.kernel + "_check.c",
                      program =
                          workspace.file("check-" + made.symbol + (machine.isOSWindows() ? ".exe" : ""));
    std::vector<std::string> command = shim.compiler.command;
    append(command,
           {"-std=gnu11", "-O2", "-w", "-DLINKDX_CHECKED=" + made.symbol, check, shim.path, "-o", program});
    if (!runner->command.empty() && !machine.isWasm()) command.emplace_back("-static");
    llvm::Expected<Run> linked = run(command, limit, workspace.path());
    if (!linked) return linked.takeError();
    if (!linked->succeeded())
      return say("not run: {}",
                 linked->output.empty() ? describe(*linked, limit) : first_error(linked->output));
    command = runner->command;
    append(command, {program, std::string(calls)});
    llvm::Expected<Run> done = run(command, limit, workspace.path());
    if (!done) return done.takeError();
    const llvm::StringRef output = llvm::StringRef(done->output).rtrim();
    const std::string line = output.substr(output.rfind('\n') + 1).str();
    if (!done->succeeded())
      return llvm::createStringError(
          llvm::inconvertibleErrorCode(),
          fmt::format("{} ({})", line.empty() ? say("its test did not end well") : line,
                      describe(*done, limit))
              .c_str());
    said += (said.empty() ? "" : say("; ")) + say("run by {}: {}", runner->name, line);
  }
  if (!runner->afterwards.empty()) llvm::consumeError(run(runner->afterwards, limit).takeError());
  return said;
}

Attempt try_shim(const std::vector<std::string>& words, const diagnose::Diagnosis& diagnosis,
                 const diagnose::Case& facts, const TryRequest& request, const Workspace& workspace) {
  const ShimRequest asked = shim_request(words, request.compiler, workspace.file("libtried.a"));
  llvm::Expected<Compiler> compiler = find_compiler(asked.compiler, asked.target);
  if (!compiler) return not_tried(llvm::toString(compiler.takeError()));
  Attempt attempt{Attempt::Kind::Failed,
                  fmt::format("{} --cc '{}'", fmt::join(words, " "), fmt::join(compiler->command, " ")),
                  {}};
  llvm::Expected<Shim> shim = make_shim(asked);
  if (!shim) {
    attempt.result = llvm::toString(shim.takeError());
    return attempt;
  }
  if (shim->made.empty() || !shim->refused.empty()) {
    attempt.result = shim->refused.empty() ? say("nothing was made") : shim->refused.front().reason;
    return attempt;
  }
  std::vector<std::string> said = {say("made by {} and inspected", shim->compiler.version)};
  llvm::Expected<std::string> ran = run_shim(*shim, workspace, request.limit);
  if (!ran) {
    attempt.result = llvm::toString(ran.takeError());
    return attempt;
  }
  said.push_back(*ran);
  if (request.link != nullptr) {
    const Attempt linked = try_real_link({{}, {shim->path}}, *request.link, workspace);
    if (linked.kind == Attempt::Kind::Failed) {
      attempt.result = say("the link run again with the archive: {}", linked.result);
      return attempt;
    }
    said.push_back(linked.kind == Attempt::Kind::Passed
                       ? say("the link run again with the archive, to another output, links")
                       : say("the link was not run again: {}", linked.result));
  } else if (replay_shows_failure(diagnosis, facts)) {
    link::Plan plan = *facts.plan;
    link::Input input;
    input.name = shim->path;
    plan.inputs.push_back(input);
    const std::vector<std::string> left = undefined_in(plan, diagnosis, facts);
    if (!left.empty()) {
      attempt.result = say("in the replayed link {} stays undefined", fmt::join(left, ", "));
      return attempt;
    }
    said.emplace_back(say("in the replayed link nothing of this diagnosis stays undefined"));
  } else {
    said.emplace_back(say("the link itself cannot be replayed from here"));
  }
  attempt.kind = Attempt::Kind::Passed;
  attempt.result = fmt::format("{}", fmt::join(said, translated(N_("; "))));
  return attempt;
}

// ---- Flags ----

/// -mNAME, -mNAME=VALUE: nothing that could name a file or a program.
bool is_plain_machine_flag(const std::string& flag) {
  return flag.size() > 2 && flag.starts_with("-m") &&
         std::all_of(flag.begin() + 2, flag.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '=' || c == '.' || c == '+' || c == '_';
         });
}

struct Compiled {
  bool succeeded = false;
  std::string why;  ///< it did not
  std::string object;
};
llvm::Expected<Compiled> compile_kernel(const Compiler& compiler, const Variant& variant,
                                        const std::vector<std::string>& flags, const Workspace& workspace,
                                        std::chrono::seconds limit) {
  Compiled result{false, {}, workspace.file("flags.o")};
  std::vector<std::string> command = compiler.command;
  append(command, {"-std=gnu11", "-O3", "-w", "-ffreestanding", "-fno-lto", "-DLINKDX_BY_FLAGS"});
  append(command, flags);
  append(command, {"-c", std::string(variant.source), "-o", result.object});
  llvm::Expected<Run> done = run(command, limit, workspace.path());
  if (!done) return done.takeError();
  result.succeeded = done->succeeded();
  if (!result.succeeded)
    result.why = done->output.empty() || done->timed_out ? describe(*done, limit) : first_error(done->output);
  return result;
}

Attempt try_flags(const fix::Fix::Trial& trial, const diagnose::Case& facts, const TryRequest& request,
                  const Workspace& workspace) {
  if (!std::all_of(trial.after.begin(), trial.after.end(), is_plain_machine_flag))
    return not_tried(say("its flags are not of a kind that is handed to a compiler"));
  if (request.compiler.empty()) return not_tried(say("name the C compiler of the build with --cc"));
  llvm::Expected<Compiler> compiler = find_compiler(request.compiler, facts.target);
  if (!compiler) return not_tried(llvm::toString(compiler.takeError()));
  if (llvm::Error failed = write_kernel_sources(workspace.path()))
    return not_tried(llvm::toString(std::move(failed)));
  const isa::Arch arch = isa::arch_of_name(architecture_of(compiler->target));
  isa::FeatureSet allowed = isa::baseline(arch);
  allowed.add(isa::with_implied(isa::features_of_flags(trial.after, arch).features));
  const Variant* variant = nullptr;
  for (const Variant* each : variants_for(flag_kernel, architecture_of(compiler->target))) {
    if (isa::with_implied(allowed).contains(features_of(*each, arch)) || each->needs == "0") variant = each;
  }
  const std::string words =
      fmt::format("{} {}", fmt::join(compiler->command, " "), fmt::join(trial.after, " "));
  Attempt attempt{Attempt::Kind::Failed, words + " -c " + std::string(variant->source), {}};

  std::string before = say("the compile that failed is not known");
  if (!trial.before.empty()) {
    llvm::Expected<Compiled> unmended =
        compile_kernel(*compiler, *variant, trial.before, workspace, request.limit);
    if (!unmended) return not_tried(llvm::toString(unmended.takeError()));
    if (unmended->succeeded)
      return not_tried(
          say("`{}` takes `{}`, which failed in the build: name the compiler that the build used with --cc",
              fmt::join(compiler->command, " "), fmt::join(trial.before, " ")));
    before = say("without the fix it fails here too ({})", unmended->why);
  }
  llvm::Expected<Compiled> mended =
      compile_kernel(*compiler, *variant, trial.after, workspace, request.limit);
  if (!mended) return not_tried(llvm::toString(mended.takeError()));
  if (!mended->succeeded) {
    attempt.result = say("linkdx's reference kernel does not compile: {}", mended->why);
    return attempt;
  }
  if (llvm::Error wrong = check_definition(mended->object, variant->function(), compiler->target)) {
    attempt.result = llvm::toString(std::move(wrong));
    return attempt;
  }
  attempt.kind = Attempt::Kind::Passed;
  attempt.result = say("linkdx's reference kernel compiles by {}; {}", compiler->version, before);
  if (!isa::supported(arch)) return attempt;
  llvm::Expected<Contents> needs = check_instructions(mended->object, features_of(*variant, arch), allowed);
  if (!needs) {
    attempt.kind = Attempt::Kind::Failed;
    attempt.result = llvm::toString(needs.takeError());
    return attempt;
  }
  const std::string above = joined(needs->features.minus(isa::baseline(arch)));
  if (!needs->unread.empty())
    attempt.result += say("; what it needs is not known: {}", needs->unread);
  else
    attempt.result += above.empty() ? say("; its object needs the baseline alone")
                                    : say("; its object needs {}, and nothing more", above);
  return attempt;
}

Attempt try_fix(const fix::Fix& fix, const diagnose::Diagnosis& diagnosis, const diagnose::Case& facts,
                const TryRequest& request, const Workspace& workspace) {
  const fix::Apply& apply = fix.apply;
  if (!apply.commands.empty() && is_shim(apply.commands.front()))
    return try_shim(apply.commands.front(), diagnosis, facts, request, workspace);
  if (fix.trial) return try_flags(*fix.trial, facts, request, workspace);
  if (!apply.cflags.empty() && std::any_of(apply.cflags.begin(), apply.cflags.end(), is_plain_machine_flag))
    return try_flags({{}, apply.cflags}, facts, request, workspace);
  const LinkArguments more = link_arguments(apply);
  const bool link_alone = apply.commands.empty() && apply.packages.empty() && apply.edits.empty() &&
                          apply.env.empty() && apply.env_append.empty();
  if (link_alone && (!more.before.empty() || !more.after.empty()))
    return try_link(fix, diagnosis, facts, request, workspace);
  return {};
}

}  // namespace

llvm::Expected<std::vector<Skipped>> try_fixes(fix::Remedy& remedy, const diagnose::Diagnosis& diagnosis,
                                               const diagnose::Case& facts, const TryRequest& request) {
  std::vector<Skipped> left_alone;
  std::vector<fix::Fix> good, failed;
  for (fix::Fix& fix : remedy.fixes) {
    llvm::Expected<Workspace> workspace = Workspace::create();
    if (!workspace) return workspace.takeError();
    const Attempt attempt = try_fix(fix, diagnosis, facts, request, *workspace);
    if (Interruptible::signal() != 0)
      return llvm::createStringError(llvm::inconvertibleErrorCode(), say("interrupted").c_str());
    if (attempt.kind == Attempt::Kind::NotTried) {
      if (!attempt.result.empty()) left_alone.push_back({fix.title, attempt.result});
    } else {
      const bool passed = attempt.kind == Attempt::Kind::Passed;
      fix.verified = fix::Fix::Verified{
          attempt.command, passed ? say("passed: {}", attempt.result) : say("failed: {}", attempt.result)};
      if (!passed) fix.confidence = Confidence::Possible;
    }
    (attempt.kind == Attempt::Kind::Failed ? failed : good).push_back(std::move(fix));
  }
  remedy.fixes = std::move(good);
  remedy.fixes.insert(remedy.fixes.end(), std::make_move_iterator(failed.begin()),
                      std::make_move_iterator(failed.end()));
  return left_alone;
}

}  // namespace linkdx::verify
