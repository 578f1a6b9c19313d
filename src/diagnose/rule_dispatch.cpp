// What goes wrong around functions with several versions, of which one is chosen when the program is loaded.
//
// The choice is an "ifunc": a symbol whose value is what a resolver function returns. The compiler makes the
// resolver, the linker a relocation of its own kind for it, and the C library's loader calls it. Each of the
// three can lack its part. Sources: GCC's gcc/multiple_target.cc and config/i386/i386-features.cc (names),
// clang's CodeGenModule.cpp (`.ifunc`, `.resolver`), the psABI supplements of each machine (numbers of
// R_*_IRELATIVE), musl's ldso/dynlink.c (which has no case for them).
#include <algorithm>

#include <fmt/format.h>

#include "facts.hpp"
#include "rule.hpp"

namespace linkdx::diagnose {

namespace {

/// Numbers of R_*_IRELATIVE: x86-64, i386, AArch64, ARM, RISC-V, PowerPC, s390, LoongArch.
constexpr std::string_view irelative[] = {"37", "42", "1032", "160", "58", "248", "61", "12"};

/// Words by which a compiler refuses the attribute. Sources: GCC gcc/attribs.cc and config/*; clang
/// DiagnosticSemaKinds.td.
constexpr std::string_view refusals[] = {"ifunc is not supported on this target",
                                         "which is not supported by this target",
                                         "ifunc is not supported in this configuration"};

void state_no_ifunc(Context& context, const Excerpt& where, std::string title, bool loader) {
  Diagnosis diagnosis = make("LDX1512", Confidence::Likely, {});
  diagnosis.title = std::move(title);
  diagnosis.explanation =
      loader ? say("The number is that of R_*_IRELATIVE, by which a program asks the loader "
                   "to choose a function's version "
                   "(`target_clones`, `ifunc`). musl's loader does not do that. The file was "
                   "compiled for glibc, or by a compiler "
                   "that does not know that this C library lacks it.")
             : say("The compiler knows that the C library of its target does not choose "
                   "functions while it loads a program, and "
                   "refuses the attribute. musl is such a library, and so are those of most "
                   "systems without an operating system.");
  diagnosis.evidence.push_back(context.log_line(where));
  diagnosis.missing_evidence.push_back(
      loader
          ? MissingEvidence{say("which symbols ask for it"),
                            "readelf -rW FILE | grep IRELATIV; readelf -sW FILE | grep IFUNC"}
          : MissingEvidence{say("where the attribute is used"), "grep -rnE 'target_clones|ifunc' SOURCES"});
  context.state(std::move(diagnosis));
}

}  // namespace

void rule_dispatcher(Context& context) {
  if (!context.facts.log) return;
  if (context.facts.failure)
    for (const log::InputError& error : context.facts.failure->inputs)
      if (error.where.text.find("unsupported relocation type") != std::string::npos && !context.stated() &&
          context.facts.failure->linker == log::Linker::Loader &&
          std::find(std::begin(irelative), std::end(irelative), error.subject) != std::end(irelative))
        state_no_ifunc(context, error.where,
                       say("`{}` needs ifunc, which this loader does not have", error.path), true);
  if (!context.facts.failure)
    for (const log::ToolMessage& message : context.facts.log->messages)
      for (std::string_view words : refusals)
        if (message.error && !context.stated() && message.where.text.find(words) != std::string::npos &&
            message.where.text.find("ifunc") != std::string::npos)
          state_no_ifunc(context, message.where, say("the target has no ifunc, which the source asks for"),
                         false);
  std::vector<std::string> names;
  for (const SymbolFacts* symbol : context.open()) {
    std::string_view name = bare_name(symbol->name);
    if (name.ends_with(".ifunc") || name.ends_with(".resolver")) names.push_back(symbol->name);
  }
  if (names.empty()) return;
  Diagnosis diagnosis = make("LDX0807", Confidence::Likely, names);
  diagnosis.title =
      names.size() == 1
          ? say("{} is a dispatcher of function multi-versioning, and no object has it", list_names(names))
          : say("{} are dispatchers of function multi-versioning, and no object has them", list_names(names));
  diagnosis.explanation = say(
      "The compiler makes the dispatcher in the file that defines the versions. The caller was compiled "
      "where the function is "
      "declared with several versions. The file with the definitions was not linked, was compiled by another "
      "compiler (GCC and "
      "clang name and place dispatchers differently), or does not have the attribute on the definition.");
  diagnosis.evidence.push_back(context.log_line(names.front()));
  diagnosis.missing_evidence.push_back(
      {say("what the object with the definitions has"),
       fmt::format("nm OBJECT | grep '{}'", names.front().substr(0, names.front().rfind('.')))});
  context.state(std::move(diagnosis));
}

}  // namespace linkdx::diagnose
