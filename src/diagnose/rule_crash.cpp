// The linker itself stopped: an internal error, a signal, or the kernel took its memory away.
//
// Linkers trust their inputs to different degrees. lld and GNU ld name a damaged file; gold stops with an
// internal error and mold by a signal. So the first thing to look for is an input that cannot be read: the
// artifacts at hand were read with bounds checked everywhere, and what is cut off or corrupt among them is
// known by name. Signal 9 is another matter: nobody but the kernel (out of memory) or a supervisor sends it.
#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "facts.hpp"
#include "rule.hpp"

namespace linkdx::diagnose {

namespace {

/// Words of a linker, or of the driver that waited for it. Sources: GCC's collect-utils.cc, clang's
/// lib/Driver/Compilation.cpp and lib/Driver/Driver.cpp, gold's errors.cc, binutils' bfd/bfd.c, LLVM's
/// Support/PrettyStackTrace.cpp, rustc's back/link.rs.
constexpr std::string_view crash_words[] = {
    "terminated with signal", "internal error", "Segmentation fault", "PLEASE submit a bug report",
    "due to signal",          "assertion fail", "failed: signal",     "unable to execute command: Killed"};
constexpr std::string_view killed_words[] = {"signal 9", "[Killed]", "command: Killed", "SIGKILL",
                                             "signal: 9"};

bool has_any(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// The line in which the linker, or its driver, says so; null if none does.
const Excerpt* crash_of(const Case& facts) {
  for (const Excerpt& line : facts.failure->other)
    if (has_any(line.text, crash_words)) return &line;
  for (const log::InputError& input : facts.failure->inputs)
    if (has_any(input.where.text, crash_words)) return &input.where;
  for (const log::ToolMessage& message : facts.log->messages)
    if (message.error && message.where.line >= facts.failure->where.line &&
        has_any(message.where.text, crash_words))
      return &message.where;
  return nullptr;
}

/// Whether the path is one of the link's inputs, so far as the command tells.
bool is_input(const Case& facts, std::string_view path) {
  if (!facts.failure->command) return true;
  const std::vector<std::string>& words = facts.failure->command->arguments;
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return !word.empty() && word[0] != '-' && file_name(word) == file_name(path);
  });
}

}  // namespace

void rule_linker_crash(Context& context) {
  const Case& facts = context.facts;
  if (!facts.failure || !facts.log || context.stated()) return;
  const Excerpt* crash = crash_of(facts);
  if (!crash) return;
  std::vector<std::string> names;
  for (const SymbolFacts* symbol : context.open()) names.push_back(symbol->name);
  if (!names.empty()) return;
  if (facts.artifacts)
    for (const Skipped& problem : facts.artifacts->problems()) {
      if (!is_input(facts, problem.path)) continue;
      Diagnosis diagnosis = make("LDX1502", Confidence::Likely, {});
      diagnosis.title = say("the linker stopped, and its input `{}` is damaged", shown_path(problem.path));
      diagnosis.explanation = say(
          "The linker gives no name, but ended by an error inside itself. Of the files of this link `{}` "
          "cannot be read: {}. Two "
          "build steps that write the same file, a full disk, or an interrupted compile leave such files.",
          shown_path(problem.path), problem.reason);
      diagnosis.evidence.push_back({"file", problem.path, 0, problem.reason});
      diagnosis.evidence.push_back(context.log_line(*crash));
      diagnosis.finding = ObjectToRemake{problem.path, false};
      context.state(std::move(diagnosis));
      return;
    }
  bool killed = has_any(crash->text, killed_words);
  Diagnosis diagnosis = make("LDX1511", killed ? Confidence::Likely : Confidence::Possible, {});
  diagnosis.title = killed ? say("the linker was killed, as the kernel does when memory runs out")
                           : say("the linker stopped by an error inside itself");
  diagnosis.explanation =
      killed ? say("Signal 9 comes from outside: from the kernel when memory runs out (a container's limit "
                   "counts too), or from a "
                   "supervisor that lost patience. Fewer links at a time, less debug information (-g1, split "
                   "DWARF), another linker "
                   "or more memory help.")
             : say("Nothing in the log says which input it fell over. A damaged input is the most common "
                   "reason; "
                   "the others are "
                   "faults of the linker, which another linker or another version of it does not share.");
  diagnosis.evidence.push_back(context.log_line(*crash));
  diagnosis.missing_evidence.push_back(
      killed ? MissingEvidence{say("that memory ran out"),
                               "dmesg | grep -i 'out of memory'; cat /sys/fs/cgroup/memory.events"}
             : MissingEvidence{say("whether an input is damaged"), context.with_tree()});
  context.state(std::move(diagnosis));
}

}  // namespace linkdx::diagnose
