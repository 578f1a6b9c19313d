// Compilers and assemblers, as far as they say why an object was not made. Sources: GCC's gcc/opts-common.cc,
// gcc/config/*/driver and ipa-inline.cc; clang's DiagnosticDriverKinds.td, DiagnosticSemaKinds.td; binutils'
// gas/config/tc-*.c; NASM's asm/parser.c and asm/assemble.c; yasm; LLVM's target assemblers.
#include "grammar.hpp"

namespace linkdx::log {
namespace {

using Kind = ToolMessage::Kind;

constexpr Pattern message(Kind kind, std::string_view text) {
  return {Event::Message, text, Linker::Unknown, InputError::Kind::Other, kind};
}

constexpr Pattern kPatterns[] = {
    // A driver that was given the inputs of a link; of other files these say that a source is missing.
    {Event::Input, ": error: {path}: No such file or directory", Linker::Unknown,
     InputError::Kind::FileNotFound},
    {Event::Input, "error: no such file or directory: {'path}", Linker::Unknown,
     InputError::Kind::FileNotFound},
    {Event::Input, "gcc: {path}: No such file or directory", Linker::Unknown, InputError::Kind::FileNotFound},
    {Event::Input, "g++: {path}: No such file or directory", Linker::Unknown, InputError::Kind::FileNotFound},
    message(Kind::BadFlagValue, "bad value {'found} for {'subject} switch"),
    message(Kind::BadFlagValue, "bad value ({'found}) for {'subject} switch"),
    message(Kind::BadFlagValue, "bad value ({found}) for {subject} switch"),
    message(Kind::BadFlagValue, "unknown value {'found} for {'subject}"),
    message(Kind::BadFlagValue, "error: missing argument to {'subject}"),
    message(Kind::BadFlagValue, "unsupported argument {'found} to option {'subject}"),
    message(Kind::BadFlagValue, "unknown target CPU {'found}"),
    message(Kind::BadFlagValue, "compiler does not support {'subject}"),
    message(Kind::BadFlagValue, "invalid feature modifier {'found} in {'subject}"),
    message(Kind::BadFlagValue, "invalid feature modifier in {'subject}"),
    message(Kind::UnknownFlag, "unrecognized command-line option {'subject}"),
    message(Kind::UnknownFlag, "unrecognized command line option {'subject}"),
    message(Kind::UnknownFlag, "unrecognised command line option {'subject}"),
    message(Kind::UnknownFlag, "unrecognised option {'subject}"),
    message(Kind::UnknownFlag, "unrecognized option {'subject}"),
    message(Kind::UnknownFlag, "unknown argument: {'subject}"),
    message(Kind::UnknownFlag, "unknown argument {'subject}"),
    message(Kind::UnknownFlag, "unsupported option {'subject} for target {'expected}"),
    message(Kind::UnknownFlag, "unsupported option {'subject}"),
    message(Kind::UnknownFlag, "ignoring unknown option {'subject}"),  // Microsoft's
    message(Kind::UnknownInstruction, "no such instruction: {'subject}"),
    message(Kind::UnknownInstruction, "selected processor does not support {'subject}"),
    message(Kind::UnknownInstruction, "selected processor does not support ARM mode {'subject}"),
    message(Kind::UnknownInstruction, "selected processor does not support Thumb mode {'subject}"),
    message(Kind::UnknownInstruction, "selected FPU does not support instruction -- {'subject}"),
    message(Kind::UnknownInstruction, "unknown mnemonic {'subject}"),
    message(Kind::UnknownInstruction, "unrecognized opcode {'subject}"),
    message(Kind::UnknownInstruction, "unrecognized opcode: {'subject}"),
    message(Kind::UnknownInstruction, "Unrecognized opcode: {'subject}"),  // s390
    message(Kind::UnknownInstruction, "unsupported instruction {'subject}"),
    message(Kind::UnknownInstruction, "invalid instruction mnemonic {'subject}"),
    message(Kind::UnknownInstruction, "error: instruction requires: {expected}"),
    message(Kind::UnknownInstruction, "unrecognized instruction mnemonic{any}"),
    message(Kind::UnknownInstruction, "error: bad register name {'subject}"),
    message(Kind::UnknownInstruction, "Error: bad register name {'subject}"),
    message(Kind::UnknownInstruction, "parser: instruction expected"),
    message(Kind::UnknownInstruction, "invalid combination of opcode and operands"),
    message(Kind::UnknownInstruction, "too many memory references for {'subject}"),
    message(Kind::UnknownInstruction, "unrecognized instruction {'subject}"),  // Go's assembler
    message(Kind::UnknownInstruction, "error: instruction expected after label"),
    message(Kind::UnknownInstruction, "Error: cannot find default versions of the ISA extension {'subject}"),
    message(Kind::UnknownInstruction, "Error: unknown prefixed ISA extension {'subject}"),
    message(Kind::UnknownInstruction, "Error: unknown architectural extension {'subject}"),
    message(Kind::UnknownInstruction, "Error: unknown architecture {'subject}"),
    message(Kind::UndefinedInAssembly, "undefined symbol {'subject} (first"),     // pages wrap what follows
    message(Kind::UndefinedInAssembly, "Unrecognized register name {'subject}"),  // yasm's GAS syntax
    message(Kind::UndefinedInAssembly, "error A2006:undefined symbol : {subject}"),
    message(Kind::UndefinedInAssembly, "error A2006: undefined symbol : {subject}"),
    message(Kind::UndefinedInAssembly, "symbol {'subject} undefined"),
    message(Kind::UndefinedInAssembly, "symbol {'subject} not defined"),
    message(Kind::TargetOptionMismatch,
            "inlining failed in call to {'any} {'subject}: target specific option mismatch"),
    message(Kind::TargetOptionMismatch,
            "inlining failed in call to always_inline {'subject}: target specific option mismatch"),
    message(Kind::TargetOptionMismatch,
            "inlining failed in call to always_inline {subject}: target specific option mismatch"),
    message(Kind::TargetOptionMismatch, "inlining failed in call to {'any} {'subject}:"),
    message(Kind::TargetOptionMismatch, "inlining failed in call to {'any} {'subject}"),
    message(Kind::TargetOptionMismatch,
            "always_inline function {'subject} requires target feature {'expected}"),
    message(Kind::TargetOptionMismatch, "error: {'subject} needs target feature {expected}"),
    message(Kind::TargetOptionMismatch, "needs target feature {expected}"),
    message(Kind::TargetOptionMismatch, "ACLE function {'subject} requires ISA extension {'expected}"),
    message(Kind::TargetOptionMismatch, "error: {'subject} requires the {'expected} option"),  // GCC, PowerPC
    message(Kind::TargetOptionMismatch, "error: Builtin function {subject} requires the {expected} option"),
    message(Kind::TargetOptionMismatch,
            "error: built-in function {'subject} requires the {expected} ISA extension"),
    message(Kind::TargetOptionMismatch, "error: argument type {any} requires the {expected} ISA extension"),
    message(Kind::TargetOptionMismatch, "error: return type {any} requires the {expected} ISA extension"),
    message(Kind::TargetOptionMismatch, "error: RISC-V type {any} requires the {'expected} extension"),
    message(Kind::TargetOptionMismatch, "error: target specific builtin not available"),
    message(Kind::TargetOptionMismatch, "builtin requires: {expected}"),
    message(Kind::TargetOptionMismatch,
            "builtin requires at least one of the following extensions: {expected}"),
    message(Kind::TargetOptionMismatch, "error: {'subject} needs isa option {expected}"),
    message(Kind::TargetOptionMismatch, "error: {any} return without {expected} enabled changes the ABI"),
    message(Kind::TargetOptionMismatch, "error: {any} argument without {expected} enabled changes the ABI"),
    message(Kind::TargetOptionMismatch, "error: {any} argument of type {'found} without {'expected} enabled"),
    message(Kind::TargetOptionMismatch, "register class {'subject} requires the {'expected} target feature"),
    message(Kind::HeaderMissing, "fatal error: {'subject} file not found"),
    message(Kind::HeaderMissing, "fatal error: {subject}: No such file or directory"),
    message(Kind::ImplicitDeclaration, "implicit declaration of function {'subject}"),
    message(Kind::ImplicitDeclaration, "call to undeclared function {'subject}"),
    message(Kind::ImplicitDeclaration, "use of unknown builtin {'subject}"),
    message(Kind::ImplicitDeclaration, "error: {'subject} was not declared in this scope"),
    message(Kind::ImplicitDeclaration, "use of undeclared identifier {'subject}"),
    message(Kind::ImplicitDeclaration, "error: {'subject} does not name a type"),
    message(Kind::ImplicitDeclaration, "error: unknown type name {'subject}"),
    message(Kind::ImplicitDeclaration, "error: {'subject} undeclared (first use in this function)"),
    message(Kind::ImplicitDeclaration,
            "error: identifier {'subject} is undefined"),                         // EDG: nvcc, Intel's icc
    message(Kind::ImplicitDeclaration, "{'subject}: identifier not found"),       // Microsoft's C3861
    message(Kind::ImplicitDeclaration, "{'subject}: undeclared identifier"),      // C2065
    message(Kind::ImplicitDeclaration, "{'subject} undefined; assuming extern"),  // C4013
    // In other languages the number and the name are the same.
    message(Kind::ImplicitDeclaration, "error C3861: {'subject}: {any}"),
    message(Kind::ImplicitDeclaration, "error C3861: {subject}: {any}"),
    message(Kind::ImplicitDeclaration, "error C2065: {'subject}: {any}"),
    message(Kind::ImplicitDeclaration, "error C2065: {subject}: {any}"),
    message(Kind::ImplicitDeclaration, "warning C4013: {'subject}"),
    message(Kind::MissingBody, ": missing function body"),  // Go's compiler
    message(Kind::InlineUndefined, "inline function {'subject} declared but never defined"),
    message(Kind::ToolMissing, "{subject}: command not found"),
    message(Kind::ToolMissing, "No CMAKE_ASM_{subject}_COMPILER could be found"),
    message(Kind::ToolMissing, "No {subject} could be found"),
    message(Kind::ToolMissing, "{subject}: No such file or directory (os error 2)"),
    message(Kind::ToolMissing, "collect2: fatal error: cannot find {'subject}"),
    message(Kind::ToolMissing, "make: {subject}: No such file or directory"),
    message(Kind::ToolMissing, "make: {subject}: Command not found"),
    message(Kind::ToolMissing, "sh: {number}: {subject}: not found"),
    message(Kind::ToolMissing, "error: linker {'subject} not found"),
    message(Kind::ToolMissing, "error: invalid linker name in argument {'subject}"),
    message(Kind::ToolMissing, "error: unable to execute command: Executable {'subject} doesn't exist"),
    message(Kind::ToolMissing, "failed to find tool \"{subject}\""),
    message(Kind::ToolMissing, "Failed to find tool. Is {'subject} installed"),
    message(Kind::ToolMissing, "failed to find tool. Is {'subject} installed"),
    message(Kind::ToolMissing, "did not find {subject} assembler"),
    message(Kind::ToolMissing, "{subject} not found on PATH"),
    message(Kind::CheckFailed, "Performing Test {subject} - Failed"),
    message(Kind::CheckFailed, "checking whether {subject}... no$"),
    message(Kind::CheckFailed, "checking for {subject}... no$"),
    message(Kind::CheckFailed, "checking if {subject}... no$"),
    message(Kind::CheckFailed, "checking {subject}... no$"),
    message(Kind::CheckFailed, "Compiler for {any} supports {subject}: NO"),
    message(Kind::CheckFailed, "Checking for function {'subject} : NO"),
};

}  // namespace

std::span<const Pattern> compiler_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
