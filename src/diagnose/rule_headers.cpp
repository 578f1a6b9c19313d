// What the compiler's own headers say before any link: a kernel's source includes the header of its
// intrinsics, and that header is not there, or stops the compile by #error.
//
// A header that is missing belongs to compilers for another family of machines: <immintrin.h> is part of
// every compiler for x86 and of none for ARM. One that stops says either the same, or that its CPU feature is
// switched off for this file. Both are the compiler's words; which command gave it the source, and for which
// machine, is what the log may not show.
#include <algorithm>

#include <fmt/format.h>

#include "facts.hpp"
#include "helpers.hpp"
#include "rule.hpp"

namespace linkdx::diagnose {

namespace {

using Kind = log::ToolMessage::Kind;

enum class Refusal { FeatureOff, OtherMachine };

struct RefusalRow {
  std::string_view words;
  Refusal refusal;
  std::string_view source;
};
constexpr RefusalRow refusals[] = {
#include "header_refusals.inc"
};

struct HeaderRow {
  std::string_view name, family, source;
};
constexpr HeaderRow machine_headers[] = {
#include "machine_headers.inc"
};

/// Headers of the compiler itself that came with a CPU feature: a compiler without is older. Source: GCC's
/// release notes.
struct CompilerHeader {
  std::string_view name, gcc;
};
constexpr CompilerHeader compiler_headers[] = {
    {"riscv_vector.h", "13"}, {"arm_sve.h", "10"}, {"arm_sme.h", "14"}, {"arm_bf16.h", "10"}};

const CompilerHeader* compiler_header(std::string_view name) {
  for (const CompilerHeader& row : compiler_headers)
    if (row.name == name) return &row;
  return nullptr;
}

enum class Whose { Ordinary, System };
struct PackageRow {
  std::string_view header, package;
  Whose whose;
};
constexpr PackageRow header_packages[] = {
#define HEADER(header, package, whose) {header, package, Whose::whose},
#include "header_packages.inc"
#undef HEADER
};

const PackageRow* package_of_header(std::string_view header) {
  for (const PackageRow& row : header_packages)
    if (row.header.ends_with('/') ? header.starts_with(row.header) : header == row.header) return &row;
  return nullptr;
}

const RefusalRow* refusal_in(const log::ToolMessage& message) {
  if (message.kind != Kind::CompileError || !message.error) return nullptr;
  for (const RefusalRow& row : refusals)
    if (message.message.find(row.words) != std::string::npos) return &row;
  return nullptr;
}

std::string_view family_of_header(std::string_view header) {
  for (const HeaderRow& row : machine_headers)
    if (row.name == header) return row.family;
  return {};
}

/// A source for x86 met a compiler for another machine, or the other way round.
void state_other_machine(Context& context, const log::ToolMessage& message, std::string title) {
  Diagnosis diagnosis = make("LDX1510", Confidence::Likely, {});
  diagnosis.title = std::move(title);
  diagnosis.explanation = say(
      "Compilers for that family of machines have had the header for many years, so this one is for another "
      "machine: the "
      "build takes the wrong compiler, or gives one machine's sources to all. A build system that decides by "
      "the machine it "
      "runs on (`uname -m`, CMAKE_HOST_SYSTEM_PROCESSOR) does that in every cross build, and one configure "
      "step for several "
      "machines at once (`-arch x86_64 -arch arm64`) does it for all but one.");
  diagnosis.evidence.push_back(context.log_line(message.where));
  diagnosis.missing_evidence.push_back(
      {say("the machine that the compiler is for"),
       say("the compile command (make V=1, ninja -v), and CC -dumpmachine")});
  context.state(std::move(diagnosis));
}

/// The compile stopped there; that it was no probe, whose failure is expected, the log alone does not show.
void state_header_absent(Context& context, const log::ToolMessage& message) {
  const PackageRow* row = package_of_header(message.subject);
  Diagnosis diagnosis = make("LDX1514", Confidence::Likely, {});
  diagnosis.title = say("the compiler does not find the header `{}`", message.subject);
  diagnosis.explanation =
      message.source.empty()
          ? say("The file was not compiled, so nothing that it defines is there. ")
          : say("What includes it (at `{}`) was not compiled, so nothing that it defines is there. ",
                message.source);
  diagnosis.explanation +=
      row == nullptr
          ? say("The header is not in the directories that the compiler was given: the package that "
                "has it is not "
                "installed, or its directory is missing among the -I options.")
      : row->whose == Whose::System
          ? say("It belongs to the C library or the kernel's interface: the compiler has no development "
                "files "
                "for its target. A "
                "cross compiler, and one for musl, has its own; those of the build machine are no help.")
          : say("It belongs to a library whose development files are not installed for this target.");
  diagnosis.evidence.push_back(context.log_line(message.where));
  diagnosis.missing_evidence.push_back(
      {say("that the build stopped there"), say("the lines behind it in the log")});
  HeaderAbsent found;
  found.header = message.subject;
  if (row != nullptr && row->whose == Whose::Ordinary && takes_debian_packages(context.facts))
    found.package = row->package;
  if (row != nullptr) found.system = row->whose == Whose::System;
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

/// A header that newer compilers bring along, as they do their intrinsics.
void state_compiler_header(Context& context, const log::ToolMessage& message, const CompilerHeader& row) {
  Diagnosis diagnosis = make("LDX0203", Confidence::Likely, {});
  diagnosis.title = say("the compiler has no `{}`", message.subject);
  diagnosis.explanation =
      say("It is a header of the compiler itself, from the release on that knows the CPU feature: no package "
          "has it. "
          "This compiler is older, or for another machine.");
  diagnosis.evidence.push_back(context.log_line(message.where));
  diagnosis.missing_evidence.push_back({say("the version of the compiler"), "CC --version; CC -dumpmachine"});
  OtherRelease found;
  found.refused = message.subject;
  found.gcc = row.gcc;
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

}  // namespace

bool is_feature_refusal(const log::ToolMessage& message) {
  const RefusalRow* row = refusal_in(message);
  return row && row->refusal == Refusal::FeatureOff;
}

void rule_compiler_header(Context& context) {
  if (!context.facts.log || context.facts.failure) return;
  for (const log::ToolMessage& message : context.facts.log->messages) {
    if (context.stated()) return;
    const RefusalRow* row = refusal_in(message);
    std::string header(file_name(message.source));
    if (row && row->refusal == Refusal::OtherMachine)
      return state_other_machine(context, message,
                                 header.empty() ? say("a header of intrinsics is for another machine")
                                                : say("`{}` is a header for another machine", header));
    if (message.kind != Kind::HeaderMissing) continue;
    if (const CompilerHeader* own = compiler_header(message.subject))
      return state_compiler_header(context, message, *own);
    std::string_view family = family_of_header(message.subject);
    if (!family.empty())
      return state_other_machine(
          context, message,
          say("the compiler has no `{}`, which compilers for {} have", message.subject, translated(family)));
  }
}

void rule_header_absent(Context& context) {
  if (!context.facts.log || context.facts.failure || context.stated()) return;
  for (const log::ToolMessage& message : context.facts.log->messages)
    if (message.kind == Kind::HeaderMissing && message.error && !message.subject.empty())
      return state_header_absent(context, message);
}

}  // namespace linkdx::diagnose
