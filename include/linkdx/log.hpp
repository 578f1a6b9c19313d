// log/: what a failed build printed, read into failures.
//
// A log is text in any wrapping (cargo, ninja, docker, CI, colours). Reading takes the wrapping off,
// recognises what linkers, compilers, assemblers and build tools say, and groups it into failures: one
// link that failed, with its linker, target, command and errors. This room knows text only. It opens no
// objects, asks no tool and decides no cause.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/base.hpp"

namespace linkdx::log {

/// The program that reported the failure.
enum class Linker {
  Unknown,
  GnuLd,
  Gold,
  Lld,
  Mold,
  Wild,
  Ld64,
  Ld64Lld,
  LldLink,
  MsvcLink,
  WasmLd,
  GoLink,
  Loader,  ///< the dynamic loader: the same faults, seen at run time
};

/// One place that refers to a symbol, or, for duplicates, one that defines it. Every field may be empty.
struct Reference {
  std::string object;    ///< as printed: `foo.o`, `libx.a(foo.o)`, `libx.so`
  std::string archive;   ///< `libx.a` of `libx.a(foo.o)`, else empty
  std::string member;    ///< `foo.o` of `libx.a(foo.o)`, else empty
  std::string function;  ///< as printed, demangled or not
  std::string source;    ///< source file, when debug information let the linker name it
  std::uint32_t source_line = 0;
  std::string section;  ///< `.text+0x12`, as printed
  Excerpt where;
};

/// A symbol that the linker complained about.
struct SymbolError {
  enum class Kind {
    Undefined,
    UndefinedHidden,  ///< lld and GNU ld: the reference has hidden (internal, protected) visibility
    DsoMissing,       ///< "undefined reference to symbol 'x'" + "DSO missing from command line"
    Duplicate,
    HiddenReferenced,    ///< "hidden symbol `x' in a.o is referenced by DSO"
    Relocation,          ///< "relocation R_X against symbol `x' can not be used when making ..."
    UndefinedAtRuntime,  ///< the loader's "undefined symbol: x"
    TlsMismatch,         ///< "TLS definition in a.o mismatches non-TLS reference in b.o"
  };
  Kind kind = Kind::Undefined;
  std::string name;                   ///< as printed; with `@@VERSION` where the linker prints it
  std::vector<Reference> references;  ///< for Duplicate: the definitions, the first one kept first
  std::uint64_t more_references = 0;  ///< "referenced N more times"
  bool more_follow = false;           ///< "more undefined references to `x' follow"
  std::string provider;               ///< DsoMissing: the library that has it; lld's "defined in:"
  std::string version;       ///< the loader's "version GLIBC_2.38", or what follows `@` or `@@` in the name
  std::string did_you_mean;  ///< lld's and mold's suggestion
  Excerpt where;             ///< the first line that names it
};

/// A file that the linker could not use, or not find.
struct InputError {
  enum class Kind {
    LibraryNotFound,  ///< -lfoo; `subject` is `foo`
    FileNotFound,
    WrongFormat,          ///< "file in wrong format", "file format not recognized", "unknown file type"
    SkippedIncompatible,  ///< passed over while searching -lfoo
    Incompatible,         ///< for another machine: "is incompatible with elf64-x86-64"
    AbiMismatch,          ///< same machine, other ABI: VFP arguments, float ABI, e_flags
    Malformed,            ///< truncated, empty, corrupt
    TooNew,               ///< a relocation or section type that the linker does not know; `subject` is it
    NoArchiveIndex,       ///< "archive has no index; run ranlib"
    NeedsPlugin,          ///< LTO object without a plugin
    FeatureMismatch,      ///< wasm-ld: "was not compiled with 'atomics'"
    VersionMissing,       ///< loader: version `GLIBC_2.38' not found
    IndirectOnly,         ///< "DSO missing from command line", where no line names the symbol
    CpuLevel,     ///< loader: the file, or the C library itself, needs a CPU level that this machine lacks
    HostVersion,  ///< a plug-in built for another version of the program that loads it
    Other,
  };
  Kind kind = Kind::Other;
  std::string path;       ///< as printed; `libx.a(foo.o)` when a member is named
  std::string subject;    ///< what is searched for, or the version or feature that lacks
  std::string expected;   ///< the output's machine or format, as printed
  std::string found;      ///< the file's machine or format, as printed
  std::string needed_by;  ///< loader: the file that asks for it
  Excerpt where;
};

/// A command line that the log shows.
struct Command {
  enum class Role { Link, Compile, Assemble, Archive, BuildScript, Other };
  Role role = Role::Other;
  std::vector<std::string>
      arguments;  ///< split as a shell would; the program is arguments[0] (after launchers and VAR=value)
  std::vector<std::string> environment;  ///< `VAR=value` words that stood before the program
  std::string directory;                 ///< where it ran, when the log says so
  bool abridged = false;       ///< the printer left arguments out (rustc's "<N object files omitted>")
  std::uint64_t repeated = 0;  ///< how often the very same line came again; it is kept once
  Excerpt where;
};

/// Something said earlier in the log that may explain the failure: by a compiler, an assembler, a build
/// script, a configure step.
struct ToolMessage {
  enum class Kind {
    BadFlagValue,          ///< "bad value 'native' for '-march=' switch"; subject `-march=native`
    UnknownFlag,           ///< "unrecognized command-line option"; subject the flag
    UnknownInstruction,    ///< "no such instruction", "unsupported instruction"; subject the instruction
    TargetOptionMismatch,  ///< "target specific option mismatch", "requires target feature"; subject the
                           ///< intrinsic or function
    ToolMissing,    ///< "nasm: command not found", "No CMAKE_ASM_NASM_COMPILER could be found"; subject the
                    ///< tool
    HeaderMissing,  ///< "fatal error: x.h: No such file"
    UndefinedInAssembly,  ///< an assembler's "undefined symbol `zmm25' (first use)": a register or macro it
                          ///< does not know
    ImplicitDeclaration,  ///< "implicit declaration of function", "does not name a type": a name that the
                          ///< compiler does not know; subject the name
    CheckFailed,  ///< configure and CMake: "Performing Test X - Failed", "checking for x... no"; subject the
                  ///< check
    BuildScriptWarning,  ///< cargo:warning= or "warning: PACKAGE@VERSION: ..."; subject the package
    CompileError,        ///< any other error of a compiler or assembler
    Other,
    InlineUndefined,  ///< "inline function 'f' declared but never defined"; subject the function
    MissingBody,      ///< Go: a function is declared, and no assembly file of this machine defines it
  };
  Kind kind = Kind::Other;
  bool error = false;  ///< error, rather than a warning or a note
  std::string tool;    ///< `cc1`, `as`, `nasm`, `rustc`, `cmake`, as far as it is shown
  std::string source;  ///< file it is about
  std::uint32_t source_line = 0;
  std::string message;
  std::string subject;
  std::uint64_t repeated = 0;  ///< how often the very same message came again; it is kept once
  Excerpt where;
};

/// One link that failed.
struct Failure {
  Linker linker = Linker::Unknown;
  std::string linker_path;    ///< as printed: `/usr/bin/x86_64-linux-gnu-ld.bfd`, `rust-lld`
  std::string target;         ///< triple, or empty when nothing shows it
  std::string target_source;  ///< the text that shows the target: a linker's name, `--target`, an emulation
  std::string output;         ///< what would have been linked
  std::string unit;           ///< crate, CMake target, docker step: what the build tool calls it
  std::optional<Command> command;  ///< the link command
  std::vector<SymbolError> symbols;
  std::vector<InputError> inputs;
  std::vector<Excerpt> other;  ///< linker errors of no known form: shown, never dropped
  std::uint64_t repeated = 0;  ///< how often the very same failure came again; it is kept once
  Excerpt where;               ///< first line that belongs to it
};

/// All that was read from one log.
struct Log {
  std::string name;               ///< path, or `-`
  std::vector<Failure> failures;  ///< in the order of the log
  std::vector<Command> commands;  ///< compile, assemble and archive commands
  std::vector<ToolMessage> messages;
  std::string host;  ///< triple of the build machine, when shown
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;
  std::vector<Skipped> problems;  ///< over-long lines cut, binary content, limits reached
};

/// Reads a log in one pass, in pieces of any size. Memory is bounded by what is found.
class Reader {
 public:
  explicit Reader(std::string name);
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  void feed(std::string_view piece);
  Log finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The whole text at once.
Log read(std::string name, std::string_view text);

/// The contract's word for a linker: `gnu-ld`, `lld-link`...
std::string_view name_of(Linker linker);

/// Splits a command line as a POSIX shell would, without expanding anything. Unclosed quotes end at the end.
std::vector<std::string> split_command(std::string_view text);

}  // namespace linkdx::log
