// Go: functions that are declared in Go and written in assembly, one file for each machine.
//
// Such a function has no body in Go. When none of the package's .s files is for the machine that is built for
// (a name like sum_amd64.s, a line `//go:build amd64`), the compiler says "missing function body", or the
// linker "relocation target X not defined". A Go caller that is gated by such a file name says "undefined:
// X". Sources: cmd/compile's noder and types2 packages; cmd/link/internal/ld/errors.go; go/build, Build
// Constraints.
#include <fmt/format.h>

#include "facts.hpp"
#include "rule.hpp"

namespace linkdx::diagnose {

namespace {

using Kind = log::ToolMessage::Kind;

MissingEvidence files_of_package() {
  return {
      say("the package's files, those for this machine and those left out"),
      "go list -f '{{.GoFiles}} {{.SFiles}} left out: {{.IgnoredGoFiles}} {{.IgnoredOtherFiles}}' PACKAGE"};
}

/// A name of Go's runtime that something else asks for.
bool is_of_runtime(const log::SymbolError& error) {
  return error.name.starts_with("runtime.") && !error.references.empty() &&
         !error.references.front().function.starts_with("runtime.");
}

void state_missing_body(Context& context, const log::ToolMessage& message) {
  Diagnosis diagnosis = make("LDX0107", Confidence::Likely, {});
  diagnosis.title = message.source.empty()
                        ? say("a Go function has no body for this machine")
                        : say("a function of `{}` has no body for this machine", message.source);
  diagnosis.explanation = say(
      "It is declared in Go and meant to be written in assembly, and no assembly file of the package is for "
      "the machine "
      "and the tags of this build.");
  diagnosis.evidence.push_back(context.log_line(message.where));
  diagnosis.missing_evidence.push_back(files_of_package());
  context.state(std::move(diagnosis));
}

}  // namespace

void rule_go(Context& context) {
  if (context.facts.log)
    for (const log::ToolMessage& message : context.facts.log->messages) {
      if (message.kind == Kind::MissingBody) {
        state_missing_body(context, message);
        break;
      }
      bool by_go = message.source.ends_with(".go") && message.kind == Kind::ImplicitDeclaration;
      std::optional<isa::NameHint> hint =
          by_go ? isa::from_name(message.subject, context.facts.arch) : std::nullopt;
      if (!hint) continue;
      Diagnosis diagnosis = make("LDX0107", Confidence::Possible, {});
      diagnosis.title = say("`{}` is not among the Go files of this build", message.subject);
      diagnosis.explanation = say(
          "Its name marks a kernel. Go takes the files whose names and build constraints fit the machine; "
          "the one that "
          "declares it does not fit, or is not there.");
      diagnosis.evidence.push_back(context.log_line(message.where));
      diagnosis.missing_evidence.push_back(files_of_package());
      context.state(std::move(diagnosis));
      break;
    }
  // "link: x: invalid reference to y": Go's linker has the name of Microsoft's.
  if (!context.facts.failure || (context.facts.failure->linker != log::Linker::GoLink &&
                                 context.facts.failure->linker != log::Linker::MsvcLink))
    return;
  for (const SymbolFacts* symbol : context.open()) {
    const log::SymbolError* error = context.error_of(symbol->name);
    if (!error) continue;
    const std::string& text = error->where.text;
    if (text.find("(but is defined for ABI") != std::string::npos) {
      Diagnosis diagnosis = make("LDX0801", Confidence::Likely, {symbol->name});
      diagnosis.title = say("`{}` is defined for Go's other calling convention", symbol->name);
      diagnosis.explanation = say(
          "Assembly uses the convention ABI0 and Go code ABIInternal; the compiler makes a bridge only for "
          "functions that "
          "are declared without a body in the same package. The linker names both conventions.");
      diagnosis.evidence.push_back(context.log_line(symbol->name));
      diagnosis.missing_evidence.push_back(
          {say("the declaration"), fmt::format("grep -rn 'func .*{}' PACKAGE", symbol->name)});
      context.state(std::move(diagnosis));
    } else if (text.find("invalid reference to") != std::string::npos) {
      Diagnosis diagnosis = make("LDX1102", Confidence::Likely, {symbol->name});
      diagnosis.title = say("`{}` may not be referred to by //go:linkname", symbol->name);
      diagnosis.explanation = say(
          "Since Go 1.23 the linker refuses references by //go:linkname to symbols of the standard library "
          "that are not "
          "marked for it. A newer release of the package does without; -ldflags=-checklinkname=0 turns the "
          "check off.");
      diagnosis.evidence.push_back(context.log_line(symbol->name));
      diagnosis.missing_evidence.push_back({say("the version of Go"), "go version"});
      context.state(std::move(diagnosis));
    } else if (text.find("relocation target") != std::string::npos && is_of_runtime(*error)) {
      Diagnosis diagnosis = make("LDX1516", Confidence::Likely, {symbol->name});
      diagnosis.title = say("this release of Go has no `{}`", symbol->name);
      diagnosis.explanation =
          say("A package reaches for a private name of Go's own runtime. Releases of Go rename and remove "
              "those; a "
              "newer release of the package does without, or goes with this Go.");
      diagnosis.evidence.push_back(context.log_line(symbol->name));
      diagnosis.missing_evidence.push_back({say("the version of Go"), "go version"});
      context.state(std::move(diagnosis));
    } else if (text.find("relocation target") != std::string::npos) {
      Diagnosis diagnosis = make("LDX0107", Confidence::Likely, {symbol->name});
      diagnosis.title = say("no file of this build defines `{}`", symbol->name);
      diagnosis.explanation = say(
          "Go's linker found a declaration without a body and no definition. It is meant to be written in "
          "assembly, and no "
          "assembly file of its package is for the machine and the tags of this build.");
      diagnosis.evidence.push_back(context.log_line(symbol->name));
      diagnosis.missing_evidence.push_back(files_of_package());
      context.state(std::move(diagnosis));
    }
  }
}

}  // namespace linkdx::diagnose
