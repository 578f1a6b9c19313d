// verify/: fixes tried. This room, and only this one and its callers `verify`, `shim` and `wrap`, runs
// programs.
//
// It compiles the reference kernels (src/kernel, carried inside the program as text) with the user's own
// compiler, looks at what came out with the same eyes as the rest of linkdx, and says what it saw.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <llvm/Support/Error.h>

#include "linkdx/base.hpp"
#include "linkdx/fix.hpp"
#include "linkdx/isa.hpp"
#include "linkdx/log.hpp"

namespace linkdx::verify {

// ---- Running programs ----

/// What a program run by linkdx did.
struct Run {
  int exit_status = -1;    ///< -1 when it did not end by itself
  int signal = 0;          ///< that ended it; 0 if none did
  bool timed_out = false;  ///< it and all its descendants in the process group were killed
  bool truncated = false;  ///< there was more output
  std::string output;      ///< standard output and error as they came, at most 1 MiB
  bool succeeded() const { return exit_status == 0; }
};
/// Runs `arguments` without a shell, in a process group of its own, with no input, messages in English
/// (LC_ALL=C), and a time limit. An error if the program cannot be started, or linkdx was interrupted
/// meanwhile.
llvm::Expected<Run> run(const std::vector<std::string>& arguments, std::chrono::seconds limit,
                        const std::string& directory = {});
/// `timed out after 60 s`, `killed by signal 11 (Segmentation fault)`, `exit status 1`.
std::string describe(const Run& run, std::chrono::seconds limit);

/// What a program did that was run in linkdx's place.
struct PassedThrough {
  int exit_status = -1;  ///< -1 when a signal ended it
  int signal = 0;
  std::string output;      ///< a copy of what it printed, both outputs as they came, at most 64 MiB
  bool truncated = false;  ///< there was more; all of it went on
};
/// Runs `arguments` without a shell, with linkdx's own environment, input, directory, process group and open
/// files. What it prints goes on at once to where linkdx's own outputs go; without `copy` it goes there by
/// itself. An error if the program cannot be started.
llvm::Expected<PassedThrough> run_passing_through(const std::vector<std::string>& arguments,
                                                  bool copy = true);

/// While one exists, SIGINT, SIGTERM and SIGHUP end the program being run and make run() return an error, so
/// that everything on the way back is cleaned up. One at a time.
class Interruptible {
 public:
  Interruptible();
  ~Interruptible();
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;
  /// The signal that came; 0 if none.
  static int signal();
};

/// A new directory that only this user can enter, removed with all that is in it.
class Workspace {
 public:
  static llvm::Expected<Workspace> create();
  Workspace(Workspace&& other) noexcept;
  Workspace& operator=(Workspace&&) = delete;
  ~Workspace();
  const std::string& path() const { return path_; }
  std::string file(std::string_view name) const;
  void keep() { keep_ = true; }

 private:
  explicit Workspace(std::string path) : path_(std::move(path)) {}
  std::string path_;
  bool keep_ = false;
};

// ---- The reference kernels ----

/// A row of src/kernel/variants.inc.
struct Variant {
  std::string_view kernel, name, architecture, source;
  std::string_view features;  ///< LLVM names, separated by spaces
  std::string_view flags;     ///< for GCC and clang
  std::string_view needs;  ///< what the CPU is asked for; `0` when every CPU of the architecture can run it
  std::string function() const { return std::string(kernel) + "_" + std::string(name); }
};
/// A row of src/kernel/exports.inc: a symbol that callers look for, and the kernel that is it.
struct Export {
  std::string_view symbol, architecture, kernel, source;
};
struct SourceText {
  std::string_view name, text;
};
std::span<const Variant> variants();
std::span<const Export> exports();
std::span<const SourceText> kernel_sources();
/// The variants for an architecture (LLVM's name), best last; for an architecture without one of its own, the
/// portable one.
std::vector<const Variant*> variants_for(std::string_view kernel, std::string_view architecture);
/// Writes all sources into the directory.
llvm::Error write_kernel_sources(const std::string& directory);

// ---- Compilers ----

struct Compiler {
  std::vector<std::string>
      command;          ///< with what selects the target: {`clang`, `--target=x86_64-apple-darwin`}
  std::string target;   ///< as asked for, or what the compiler says of itself
  std::string machine;  ///< -dumpmachine
  std::string version;  ///< first line of --version
  bool clang = false;
};
/// The compiler `cc` (a command, split as a shell would) for the target, or, when `cc` is empty, one that is
/// installed: $CC_<target>, <target>-gcc, this machine's own, clang --target. An empty target is the
/// compiler's own. The error says what was looked for, and what to install.
llvm::Expected<Compiler> find_compiler(const std::string& cc, const std::string& target);
/// LLVM's name of the architecture of a triple: `x86_64`, `aarch64`.
std::string architecture_of(std::string_view triple);

// ---- shim ----

struct ShimRequest {
  std::vector<std::string> symbols;  ///< as C writes them, or with Mach-O's underscore
  std::string target;                ///< triple; empty: the compiler's own
  std::string compiler;              ///< --cc
  std::string output;                ///< path of the archive
  bool keep = false;                 ///< leave the workspace
};
struct Shim {
  struct Made {
    std::string symbol, kernel, source;
    std::vector<std::string> variants;  ///< in the dispatcher, worst first
  };
  struct Refused {
    std::string symbol, reason, instead;
  };
  std::vector<Made> made;  ///< empty: nothing was written
  std::vector<Refused> refused;
  std::vector<Skipped> left_out;           ///< variants that the compiler does not make, and why
  std::vector<std::string> inspected;      ///< what was looked at in the product, and found right
  std::vector<std::string> not_inspected;  ///< what could not be looked at, and why
  struct Line {
    std::string for_tool, text;
  };
  std::vector<Line> lines;  ///< how to link it: `cargo`, `cmake`, `dockerfile`, `command line`
  Compiler compiler;
  std::string path;       ///< of the archive, absolute
  std::string workspace;  ///< when it was kept
};
/// Builds the archive. It is written only when the product stood inspection; an error says what was wrong.
llvm::Expected<Shim> make_shim(const ShimRequest& request);

// ---- verify ----

enum class Outcome { Passed, Failed, NotRun };
std::string_view name_of(Outcome outcome);  ///< `passed`, `failed`, `not-run`

/// One step of proving a configuration. `detail` is what was seen, `meaning` what a failure means for the
/// user.
struct Step {
  std::string name;
  Outcome outcome = Outcome::NotRun;
  std::string detail{}, meaning{};
};
/// The names of the steps, in their order: `flags`, `compiles`, `defines`, `contains`, `links`, `runs`,
/// `older-cpu`.
std::span<const std::string_view> step_names();

struct Configuration {
  std::string name;                    ///< as given: a level, a CPU, or features joined by commas
  std::vector<std::string> flags;      ///< by which the C compiler is told
  std::vector<std::string> rustflags;  ///< by which rustc is
  std::string variant;      ///< of the kernel: the best that the configuration has the features for
  std::vector<Step> steps;  ///< up to the first that failed
  bool failed() const;
  /// All steps that say something about the configuration passed: none failed, and it was run.
  bool proved() const;
};

struct VerifyRequest {
  std::string target, compiler;             ///< as for find_compiler
  std::string cxx, rustc;                   ///< commands; empty: no caller in that language
  std::vector<std::string> configurations;  ///< empty: the levels of the target
  std::string runner;  ///< `native`, `qemu-user`, `wine`, `node`, a command; empty: what fits the target
  std::chrono::seconds limit{60};  ///< for each program that is run
  bool keep = false;
};
struct Matrix {
  Compiler compiler;
  std::optional<Compiler> cxx, rustc;  ///< when they were asked for
  std::string runner;                  ///< as it is called; `native`; empty when there is none
  std::vector<Configuration> configurations;
  std::string workspace;  ///< when it was kept
};
llvm::Expected<Matrix> verify(const VerifyRequest& request);

// ---- Fixes of a diagnosis ----

struct TryRequest {
  std::string compiler;  ///< --cc. Without it no flags are tried: they are a question to that compiler
  std::chrono::seconds limit{60};
  /// The link that failed, if it may be run again: then that is what tries the fixes of a link, and nothing
  /// is replayed. Its output and all else that it writes go to a private directory.
  const log::Command* link = nullptr;
};
/// Tries what can be tried without touching the user's tree, and fills in Fix::verified: a reference kernel
/// is built, inspected, run and put into the replayed link; flags are given to the compiler; libraries are
/// put into the replayed link. A fix that fails loses its confidence and goes behind all others. Nothing that
/// a log names is run. Returns what was not tried (a fix's title) and why; an error only when linkdx was
/// interrupted or has no temporary directory.
llvm::Expected<std::vector<Skipped>> try_fixes(fix::Remedy& remedy, const diagnose::Diagnosis& diagnosis,
                                               const diagnose::Case& facts, const TryRequest& request);

}  // namespace linkdx::verify
