// How the files of this room share their work: one function per kind of finding, and the few building
// blocks that several need.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/fix.hpp"
#include "linkdx/language.hpp"

namespace linkdx::fix {

using diagnose::Case;
using diagnose::Diagnosis;

void fixes_for(const diagnose::KernelNotBuilt&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::ToolMissing&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::WrongMachine&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::LibraryMissing&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::OrderWrong&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::NameMismatch&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::RuntimeMissing&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::FlagMismatch&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::Duplicated&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::NotPositionIndependent&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::ObjectToRemake&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::IntrinsicCalled&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::HeaderAbsent&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::IntermediateCode&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::NotVisible&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::OlderLibrary&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::AboveCpu&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::OtherHost&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::LinkerAbsent&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::RuntimeKind&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::HostInterface&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::OtherRelease&, const Diagnosis&, const Case&, Remedy&);
void fixes_for(const diagnose::Nothing&, const Diagnosis&, const Case&, Remedy&);

/// The kernel of a cargo build script: its own file, since it is the longest.
void fixes_for_build_script(const diagnose::KernelNotBuilt&, const Diagnosis&, const Case&, Remedy&);

/// The archive of `linkdx shim`, when there is a reference kernel for every symbol of the diagnosis.
void add_reference_kernel(const Diagnosis&, const Case&, Remedy&);

/// What the knowledge table has on the package that the symbols belong to.
void add_known_package(const Diagnosis&, const Case&, Remedy&);

/// rustflags that .cargo/config.toml gives this build. The environment's RUSTFLAGS replaces them, so whoever
/// sets it has to repeat them. Source: the Cargo book, build.rustflags.
std::vector<std::string> configured_rustflags(const Case& facts);

/// The change in the words of each tool: shell, Dockerfile, cargo config, CMake, make, GitHub Actions.
std::vector<Snippet> snippets_of(const Apply& apply, const Case& facts);

/// Whether the link was made by rustc, so that link arguments go through rustc's flags.
bool linked_by_rustc(const Case& facts);
/// Puts arguments after the inputs, by the way that reaches this link.
void append_to_link(Apply& apply, std::vector<std::string> arguments, const Case& facts);
/// Puts arguments before the inputs, by the way that reaches this link.
void prepend_to_link(Apply& apply, std::vector<std::string> arguments, const Case& facts);

/// The path as seen from the working directory, if it is below it; else as it is.
std::string relative_path(const std::string& path);

/// The path as the link can use it: relative where the link runs in the working directory, absolute where a
/// generator runs it in a directory of its own (CMake's build directory, a cargo workspace).
std::string path_for_link(const std::string& path, const Case& facts);

/// A unified diff that replaces the line by others. Nothing if the file cannot be read or lies outside the
/// working directory.
std::optional<Apply::Edit> replace_line(const std::string& path, std::uint64_t line,
                                        const std::vector<std::string>& with);
std::optional<Apply::Edit> insert_after(const std::string& path, std::uint64_t line,
                                        const std::vector<std::string>& lines);
std::string line_of(const std::string& path, std::uint64_t line);

/// `x86-64`, `armv8-a`: the value of -march that every CPU of the target has; empty if the target has none to
/// name.
std::string baseline_march(isa::Arch arch, std::string_view target);
/// Quoted for a POSIX shell where needed.
std::string shell_quote(std::string_view word);

}  // namespace linkdx::fix
