// Questions that several rules, and the choice of fixes, ask of a case.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/diagnose.hpp"

namespace linkdx::diagnose {

/// A compile that the build tree records as failed.
struct FailedCompile {
  const build::BuildScriptRun* script = nullptr;
  const build::Compile* compile = nullptr;
  isa::FeatureSet features;                ///< what its flags turn on
  std::vector<log::ToolMessage> messages;  ///< its words, read
};
std::vector<FailedCompile> failed_compiles(const Case& facts);

/// Whether the symbol would have come of this compile: its source defines it, or source, flags and package
/// fit.
bool concerns(const FailedCompile& failed, std::string_view symbol);
/// Whether the source file holds a definition, or at least the name, of the symbol; the line where, 0 if not.
std::uint64_t line_naming(const std::string& path, std::string_view word);
/// The source of a compile as a path that exists, tried from its directory and the script's package.
std::string source_path(const FailedCompile& failed);

/// A relocation that the linker refuses against a section or a local symbol, of which it prints no name that
/// anybody gave.
bool is_against_section(const log::SymbolError& error);

/// The messages of that kind, in the order of the log.
std::vector<const log::ToolMessage*> messages_of(const Case& facts, log::ToolMessage::Kind kind);
bool contains_any(std::string_view text, std::span<const std::string_view> words);

/// A message of a compiler or assembler that names a function, intrinsic or register instead of a symbol.
bool names_symbol(const log::ToolMessage& message);
/// A message that by itself explains why a build stopped before its link.
bool explains_stop(const log::ToolMessage& message);

/// The options of the failure's link command that name libraries: `m` of -lm and libm.a, with their
/// positions.
struct NamedLibrary {
  std::string name;
  std::size_t position;
  bool is_static = false;
};
std::vector<NamedLibrary> libraries_on(const log::Command& command);
/// Position of the last object file or archive on the command, past the program name.
std::size_t last_object_position(const log::Command& command);
/// `foo` of `/usr/lib/libfoo.so.2`, empty if it is no library name.
std::string library_of_path(std::string_view path);

/// The path as seen from the working directory when it lies below it: what a reader can open and paste.
std::string shown_path(const std::string& path);

/// The features that the command's own -m options name, without what an -march brings.
isa::FeatureSet named_features(const std::vector<std::string>& arguments, isa::Arch arch);

/// Whether the link is one of Microsoft's linker or of lld in its place.
bool links_for_msvc(const Case& facts);

/// Whether cargo drove the build: its link command, or its tree.
bool is_cargo_build(const Case& facts);

/// Whether the file is left from another build in cargo's target directory: of another configuration
/// (features, profile, RUSTFLAGS), which cargo keeps under a hash of its own while the link names the same
/// package under another; or of an earlier run of the build script.
bool is_of_another_build(const Case& facts, std::string_view path);

/// The library of that name among those that were searched, if its table has the symbol; null otherwise.
const link::Provider* provider_of(const Case& facts, std::string_view library, std::string_view symbol);

/// Objects and archives that refer to the symbol, as the log or the replay names them.
std::vector<std::string> referrers_of(const SymbolFacts& symbol);

}  // namespace linkdx::diagnose
