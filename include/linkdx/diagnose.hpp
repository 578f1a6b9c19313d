// diagnose/: rules that turn facts into diagnoses.
//
// A rule looks at one Case (everything known about one failure), and states a cause for a group of
// symbols with the evidence that shows it. Certain needs evidence that the user can open. What is missing
// is named with the command that gets it. Rules only read; fixes are chosen by fix/ from the finding.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "linkdx/artifact.hpp"
#include "linkdx/base.hpp"
#include "linkdx/build.hpp"
#include "linkdx/isa.hpp"
#include "linkdx/libraries.hpp"
#include "linkdx/link.hpp"
#include "linkdx/log.hpp"

namespace linkdx::diagnose {

/// Why a link failed. The stable names are those of name_of().
enum class Cause {
  KernelObjectNotBuilt,
  AssemblerOrCompilerTooOld,
  AsmToolMissing,
  WrongArchObject,
  FeatureFlagMismatchBetweenUnits,
  MissingLibrary,
  LibraryOrder,
  AbiOrManglingMismatch,
  RuntimeLibraryMissing,
  LibcVersionMismatch,
  LtoOrVisibility,
  DuplicateDefinition,
  IntrinsicAsFunction,
  IsaLeak,
  Other,
};
std::string_view name_of(Cause cause);

/// What would settle a doubt, and the exact command that gets it.
struct MissingEvidence {
  std::string what;
  std::string command;  ///< empty when no command can
};

/// A symbol as the report shows it.
struct SymbolFacts {
  enum class Status { Undefined, Duplicate, WrongMachine } status = Status::Undefined;
  struct ReferencedBy {
    std::string object, function, source;
  };
  struct Near {
    std::string name, where, why;
  };
  struct Isa {
    isa::FeatureSet features;  ///< implied ones left out
    std::string level;         ///< smallest level that has them all; empty if none
    isa::Source source = isa::Source::NameConvention;
    Confidence confidence = Confidence::Possible;
  };
  std::string name;         ///< as the linker printed it
  std::string linker_name;  ///< as symbol tables have it; the same, unless the linker printed it demangled
  std::string demangled;
  std::optional<link::Verdict> verdict;
  std::vector<ReferencedBy> referenced_by;
  std::uint64_t more_references = 0;
  std::vector<Near> nearest;
  std::optional<Isa> isa;
};

/// The libraries of the link's directories, and of the machine's, searched by the names that the link lacks.
struct LibrarySearch {
  std::vector<link::Provider> providers;
  std::vector<std::string> directories;
  std::size_t searched = 0;  ///< files
  bool system = false;  ///< the machine's own directories too, and what its package manager has written down
};

/// All that is known about one failure.
struct Case {
  const log::Log* log = nullptr;  ///< null when there was no log, only artifacts
  const log::Failure* failure = nullptr;
  std::string target;  ///< triple, from the log, the artifacts or --target
  std::string host;
  isa::Arch arch = isa::Arch::Unknown;
  std::vector<SymbolFacts> symbols;
  std::optional<link::Plan> plan;
  std::optional<link::Replay> replay;
  std::string link_directory;              ///< where the replayed link ran
  std::vector<link::Undefined> located;    ///< one for each symbol of the log that the replay did not cover
  std::optional<LibrarySearch> libraries;  ///< nothing when there was no directory to search
  const artifact::Store* artifacts = nullptr;
  const build::Facts* build = nullptr;
  std::vector<std::string> directories;  ///< directories the user gave: sources are looked for there too
};

// What a rule found, in the form that fix/ works on. One struct per family of fixes.

/// A build step compiled the kernel, or should have, and no object came of it.
struct KernelNotBuilt {
  const build::BuildScriptRun* script = nullptr;  ///< cargo: the run whose output shows it
  const build::CMakeTree* cmake = nullptr;        ///< CMake: the tree that shows it
  std::string package;                            ///< crate or target
  std::string source;                             ///< source file of the kernel, when known
  std::string failing_flag;                       ///< `-march=native`, when a flag was refused
  std::string message;                            ///< the tool's own words
  bool lacks_on_host = false;             ///< -march=native on a machine without the kernel's features
  isa::FeatureSet symbol_features;        ///< what the symbol's name or code says that it needs
  std::string cfg;                        ///< the rustc-cfg that gates the caller
  std::string gate_variable;              ///< CMake option or check that left the source out
  std::string language;                   ///< language that was not enabled: `ASM_NASM`
  std::vector<std::string> like_command;  ///< a compile command of the same build, to compile the source by
  isa::FeatureSet features;
};
struct ToolMissing {
  std::string tool, package;
  const build::CMakeTree* cmake = nullptr;
  const build::BuildScriptRun* script = nullptr;
};
struct WrongMachine {
  std::string path, found, expected;
  std::vector<std::string> right_copies;          ///< files of the right machine with the same name
  const build::BuildScriptRun* script = nullptr;  ///< a build script that used the host's compiler
  std::string compiler;                           ///< the compiler that made it, when shown
  std::string option, option_of_target;           ///< `-m32` on its command, and `-m64` for the target
  std::string triple;                             ///< the target in whose directory of cargo it lies
  bool by_rustc = false;  ///< one of rustc's own objects: then the linker is the wrong one
  bool in_crate = false;  ///< an object of other languages in a crate
};
struct LibraryMissing {
  std::string name;                   ///< `foo` of -lfoo
  std::string path;                   ///< where the definition is, when found
  std::vector<std::string> packages;  ///< Debian names
  bool on_command_line = false;       ///< -lfoo is there and the file is not
  bool via_dso = false;               ///< "DSO missing from command line"
  bool not_installed = false;         ///< the linker's file is not there: the packages come first
  bool framework = false;             ///< one of Apple's: -framework foo
  std::string needed_by;              ///< the module that needs it, where that is all that is known
};
struct OrderWrong {
  std::vector<std::string> libraries;
};  ///< as on the command line, in the order to append
struct NameMismatch {
  std::string wanted, present, where;
  enum class Kind {
    CAndCxx,
    CAndRust,
    Underscore,
    Namespace,
    RustHash,
    AbiTag,
    Parameters,
    CallingConvention,
    FloatAbi,
    Setting,
    Renamed,  ///< spelled almost the same, and nothing refers to it
    Other
  } kind = Kind::Other;
  std::string macro;   ///< the `-DNAME=OTHER` that renamed it, when a command shows it
  std::string header;  ///< declaration found in the sources
  std::uint64_t header_line = 0;
  std::string source;  ///< definition found in the sources
  std::uint64_t source_line = 0;
};
struct RuntimeMissing {
  std::string helper, name, flag;
  bool asked_by_library = false;  ///< a shared library lacks it; the output's own link cannot give it that
  std::string library;            ///< that one, if known
  std::vector<std::string> packages;
  std::string why;
};
struct FlagMismatch {
  std::string caller, callee;               ///< objects or sources
  std::vector<std::string> callee_command;  ///< the command that compiled the callee, when known
  std::vector<std::string> caller_flags, callee_flags;
  const build::BuildScriptRun* script = nullptr;  ///< the build script that compiled the callee
  isa::FeatureSet lacking;
  std::string macro;  ///< gate such as __AVX2__
};
struct Duplicated {
  std::string symbol;
  std::vector<std::string> definitions;
  bool identical = false;  ///< the same bytes
  bool common = false;     ///< variables that -fcommon would merge
  std::string header;      ///< header that defines it for every file that includes it
  std::uint64_t header_line = 0;
};
/// An object whose code is tied to a fixed address, in an output that may lie anywhere.
struct NotPositionIndependent {
  std::string object, flag;
};
/// An object that is damaged, empty, or older than its source.
struct ObjectToRemake {
  std::string path;
  bool stale = false;
  bool without_index = false;  ///< an archive that lacks only its index
};
/// An intrinsic that a source file uses without the header that declares it.
struct IntrinsicCalled {
  std::string name, header, source;
  bool only_x86_64 = false;  ///< there is none for 32 bits, and the build is not known to be for 64
};
/// An object that holds a compiler's intermediate code, which this linker does not read.
struct IntermediateCode {
  std::string path;
  bool llvm = false;  ///< LLVM's; else GCC's
};
/// A definition that other files, or other modules, cannot see.
struct NotVisible {
  std::string symbol, where;
  bool is_static = false;  ///< local to its file; else hidden in a shared library
  std::string source;      ///< its definition, when found
  std::uint64_t source_line = 0;
};
/// The C or C++ library that was found is older than the one that the file was built against, or another one.
struct OlderLibrary {
  std::string library, version;  ///< `libc.so.6`, `GLIBC_2.38`; the library in words where no file is named
  std::string needed_by;         ///< file that asks for it, when known
  bool visual_studio = false;    ///< it is the C++ library of Visual Studio
};
/// A file, or the system itself, that needs more than the CPU has.
struct AboveCpu {
  std::string file, level;  ///< either may be empty
};
/// A plug-in that was built for another version of the program that loads it.
struct OtherHost {
  std::string host, file, found, expected;  ///< `Node.js`; the versions of its interface, when shown
};
/// Functions of a program that loads plug-ins, missing in a link.
struct HostInterface {
  std::string host, ldflags;  ///< `Python`; the command that prints what a program that embeds it links
  bool apple = false, module = false;
  bool forbidden = false;  ///< the command forbids undefined symbols in a shared library
};
/// Objects for Microsoft's C run-time library as a DLL in a link with the static one.
struct RuntimeKind {
  std::string object;
};
/// A header that no include directory has.
struct HeaderAbsent {
  std::string header;
  std::string package;  ///< Debian's, when known
  bool system = false;  ///< of the C library or the kernel
};
/// A linker that the link asks for and that is not there.
struct LinkerAbsent {
  std::string name, package;  ///< package: Debian's, empty if it has none
  bool chosen = false;        ///< the command chose it: the default may be there
};
/// A tool that does not take what it was given because it is older, or because its newer releases dropped it.
struct OtherRelease {
  enum class Tool { Assembler, Compiler, Linker } tool = Tool::Compiler;
  std::string refused;     ///< as the tool printed it; empty when it did not
  std::string gcc, clang;  ///< the releases where that changed; empty if not known
  bool dropped = false;
};
struct Nothing {};

using Finding =
    std::variant<Nothing, KernelNotBuilt, ToolMissing, WrongMachine, LibraryMissing, OrderWrong, NameMismatch,
                 RuntimeMissing, FlagMismatch, Duplicated, NotPositionIndependent, ObjectToRemake,
                 IntrinsicCalled, IntermediateCode, NotVisible, OlderLibrary, AboveCpu, OtherHost,
                 HeaderAbsent, LinkerAbsent, OtherRelease, HostInterface, RuntimeKind>;

struct Diagnosis {
  std::string code;  ///< `LDX0101`: the rule, never reused
  Cause cause = Cause::Other;
  Confidence confidence = Confidence::Possible;
  std::vector<std::string> symbols;  ///< as in SymbolFacts::name
  std::string title;                 ///< one line
  std::string explanation;           ///< a paragraph or two, plain text
  std::vector<Evidence> evidence;
  std::vector<MissingEvidence> missing_evidence;
  Finding finding;
};

/// One row per code, for `explain` and the report.
struct RuleInfo {
  std::string_view code;
  Cause cause;
  std::string_view title;
  std::string_view page;
};
const std::vector<RuleInfo>& rules();

/// What is asked: the logs as read, the paths as given, and what the user said of the target.
struct Question {
  std::vector<log::Log> logs;
  std::vector<std::string> paths;  ///< files and directories: artifacts and build trees
  std::string target;              ///< triple; empty: told from the logs and the artifacts
  std::string root;             ///< where paths that a log names are looked up; empty: the working directory
  bool system = false;          ///< search this machine's libraries too
  std::string library_cache{};  ///< file to keep their names in; empty: none is read or written
};
/// Everything read for one question, and the cases that came of it. Owns what the cases point to.
struct Investigation {
  std::vector<log::Log> logs;
  artifact::Store artifacts;
  build::Facts build;
  std::vector<Case> cases;       ///< one for each failure, in the order of the logs
  std::vector<Skipped> skipped;  ///< from every room
};
/// Reads what the question names and replays each failed link. Starts no process, writes nothing.
std::unique_ptr<Investigation> investigate(Question question);

/// The same for artifacts of which some name is undefined in all: one case without a log.
std::unique_ptr<Investigation> investigate_artifacts(Question question,
                                                     const std::vector<std::string>& undefined);
/// The same for a link that nobody has tried yet, of which there is no log: one case, with what the replay
/// misses. Build trees around `question.paths` are read if something is.
std::unique_ptr<Investigation> investigate_link(std::vector<std::string> command, std::string directory,
                                                Question question);

/// Every failure gets at least one diagnosis, best first; symbols of one cause are one diagnosis.
std::vector<Diagnosis> diagnose(const Case& facts);

}  // namespace linkdx::diagnose
