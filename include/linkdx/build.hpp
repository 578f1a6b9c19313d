// build/: what the build system knew. Cargo target directories (build-script outputs, Cargo.lock, config),
// CMake trees (cache, configure logs, compile_commands.json), and what autoconf, meson, bazel and ninja
// leave. Facts with their places; no conclusions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/base.hpp"

namespace linkdx::build {

/// A compiler or assembler run that the build system recorded, and how it ended.
struct Compile {
  std::vector<std::string> arguments;    ///< program first; empty when only its message is left
  std::vector<std::string> environment;  ///< `VAR=value` words that stood before the program
  std::string directory;
  std::string source;  ///< as on the command line
  std::string object;  ///< -o
  enum class Result { Unknown, Succeeded, Failed } result = Result::Unknown;
  std::vector<Excerpt> messages;  ///< what the tool said, in order
  Excerpt where;                  ///< in `path`
  std::string path;               ///< the file that records it
};

/// One `key=value` line that a build script printed for cargo, or that a configure step stored.
struct Setting {
  std::string key;  ///< `rustc-cfg`, `warning`, `rerun-if-env-changed`; a CMake cache variable
  std::string value;
  std::string type;       ///< CMake cache: `BOOL`, `FILEPATH`
  bool advanced = false;  ///< CMake cache: hidden from the simple view
  Excerpt where;
  std::string path;
};

/// One run of a build script, from `target/**/build/PACKAGE-HASH/`.
struct BuildScriptRun {
  std::string package;      ///< name, without the hash
  std::string version;      ///< from Cargo.lock or the path; empty if unknown
  std::string directory;    ///< target/.../build/PACKAGE-HASH
  std::string output_path;  ///< its `output` file
  std::string out_dir;      ///< from `root-output`, or `directory`/out
  std::string
      source_directory;  ///< the package's source, when a path in the output or the lock file shows it
  std::string target;    ///< triple, from the path or TARGET = Some(...) lines
  std::string host;
  std::string profile;
  std::vector<Setting> settings;  ///< cargo:KEY=VALUE and cargo::KEY=VALUE lines in order
  std::vector<Compile>
      compiles;  ///< `running: ...` of cc-rs with results; failures reconstructed from warnings
  std::map<std::string, std::string>
      environment;  ///< what cc-rs said of variables, as printed: `None`, `Some("-O2")`
  std::vector<Excerpt> stderr_lines;
  std::string stderr_path;  ///< the file they stand in; empty if there is none
};
/// What cc-rs found in a variable; nothing when it was unset (`None`) or never asked for.
std::optional<std::string> environment_value(const BuildScriptRun& run, const std::string& name);

/// A package of Cargo.lock.
struct LockedPackage {
  std::string name, version, source;
  std::vector<std::string> dependencies;
  std::uint64_t line = 0;
  std::string path;  ///< the lock file
};

/// A .cargo/config.toml that applies.
struct CargoConfig {
  std::string path;
  struct Flags {
    std::string table;
    std::vector<std::string> rustflags;
    std::uint64_t line = 0;
  };  ///< table: `build`, `target.x86_64-...`
  std::vector<Flags> rustflags;
  std::map<std::string, std::string> linkers;  ///< by triple
  std::map<std::string, std::string> env;
  std::string build_target;
  std::uint64_t build_target_line = 0;
  std::string target_directory;  ///< build.target-dir, absolute; empty if not set
  std::string rustc_wrapper;     ///< build.rustc-wrapper: what runs rustc; absolute when it names a path
};
/// The files that apply in a directory, nearest first; that of cargo's home last, unless `home` is empty.
std::vector<CargoConfig> cargo_configs(const std::string& directory, const std::string& home,
                                       std::vector<Skipped>& problems);

struct CargoTree {
  std::string workspace;         ///< directory of Cargo.lock, absolute; empty if not found
  std::string target_directory;  ///< absolute
  std::string lock_path;
  std::vector<LockedPackage> packages;
  std::vector<CargoConfig> configs;     ///< nearest first
  std::vector<BuildScriptRun> scripts;  ///< newest first per package
};

/// A check that a configure step made.
struct Check {
  std::string variable;  ///< `HAVE_AVX512`; empty when the log names only what was looked for
  std::string what;      ///< the check in CMake's words: `Performing Test HAVE_AVX512`, `Looking for pow`
  bool passed = false;
  std::string message;  ///< first line of the tool's own words when it failed
  Excerpt where;
  std::string path;
};

struct CMakeTree {
  std::string directory;  ///< binary directory, absolute
  std::string source_directory;
  std::vector<Setting> cache;
  std::vector<Check> checks;
  std::vector<Compile>
      commands;  ///< compile_commands.json; when that is missing, from build.make or build.ninja
  std::vector<Compile> links;          ///< link.txt of each target (Makefile generators)
  std::vector<std::string> languages;  ///< enabled: C, CXX, ASM, ASM_NASM
};

/// A tree that autoconf, meson, bazel or ninja keeps: what they looked for, what they decided, what they ran.
struct ConfiguredTree {
  std::string system;     ///< `autoconf`, `meson`, `bazel`, `ninja`
  std::string directory;  ///< where it was configured, absolute
  std::string source_directory;
  std::string build,
      host;  ///< the machine built on and the one built for, as the tool calls them; empty if unknown
  struct Tool {
    std::string name;  ///< as it was looked for
    std::string path;  ///< empty: not found
    Excerpt where;
    std::string file;  ///< that records it
  };
  std::vector<Tool> tools;
  std::vector<Setting> options;
  std::vector<Check> checks;
  std::vector<Compile> commands, links;
};

/// What the build trees hold.
struct Facts {
  std::vector<CargoTree> cargo;
  std::vector<CMakeTree> cmake;
  std::vector<ConfiguredTree> configured;
  std::vector<Compile> commands;  ///< a lone compile_commands.json
  std::vector<Skipped> problems;
};

/// Looks at the paths, below them and up to the nearest workspace root above them.
Facts gather(const std::vector<std::string>& paths);

/// Where a text occurs in the sources below a directory: file, line. Bounded; build output and VCS folders
/// left out.
struct Occurrence {
  std::string path;
  Excerpt where;
};
std::vector<Occurrence> search_sources(const std::string& directory, std::string_view text,
                                       std::size_t most = 16);

/// A version as cargo compares it. Missing parts are 0; pre-release sorts before release.
int compare_versions(std::string_view a, std::string_view b);

}  // namespace linkdx::build
