// What compilers and assemblers said before the link, or instead of one.
//
// "target specific option mismatch" names a function and the file that was compiled without its features. "no
// such instruction" shows an assembler older than the code.
#include <algorithm>
#include <cctype>
#include <map>

#include <fmt/format.h>

#include "facts.hpp"
#include "helpers.hpp"
#include "releases.hpp"
#include "rule.hpp"
#include "sources.hpp"

namespace linkdx::diagnose {

namespace {

using Kind = log::ToolMessage::Kind;

/// The command that compiled the file the message is about, if the log shows it.
const log::Command* command_for(const Case& facts, const std::string& source) {
  if (source.empty()) return nullptr;
  for (const log::Command& command : facts.log->commands)
    for (const std::string& argument : command.arguments)
      if (file_name(argument) == file_name(source) && !argument.starts_with("-")) return &command;
  return nullptr;
}

bool is_header(std::string_view path);
bool is_source(std::string_view path);

/// The file that is compiled, rather than the header in which the intrinsic stands.
std::string compiled_file(const Case& facts, const log::ToolMessage& message) {
  for (const log::Command& command : facts.log->commands)
    if (command.where.line < message.where.line)
      for (const std::string& argument : command.arguments)
        if (file_name(argument) == file_name(message.source)) return argument;
  if (!is_header(message.source)) return message.source;
  // In a header: then the file that includes it, which the last command before the message names.
  std::string compiled;
  for (const log::Command& command : facts.log->commands)
    if (command.where.line < message.where.line && command.role == log::Command::Role::Compile)
      for (const std::string& argument : command.arguments)
        if (is_source(argument)) compiled = argument;
  return compiled;
}

struct IntrinsicHeader {
  std::string_view header, features;
};
constexpr IntrinsicHeader intrinsic_headers[] = {
#include "intrinsic_headers.inc"
};

/// The features that a function is inlined for: clang names them, and GCC names the header that the function
/// is from.
isa::FeatureSet wanted_features(const log::ToolMessage& message, isa::Arch arch) {
  std::string names;
  for (const IntrinsicHeader& row : intrinsic_headers)
    if (file_name(message.source) == row.header) names = row.features;
  // GCC puts its own quotation marks, two or three bytes long, around what clang puts between apostrophes.
  for (std::string_view words : {"requires target feature ", "requires ISA extension "})
    if (std::size_t at = message.where.text.find(words); at != std::string::npos) {
      std::size_t begin = message.where.text.find_first_of("abcdefghijklmnopqrstuvwxyz", at + words.size());
      if (begin == std::string::npos) continue;
      std::size_t end = begin;
      while (end < message.where.text.size() &&
             (std::isalnum(static_cast<unsigned char>(message.where.text[end])) ||
              message.where.text[end] == ',' || message.where.text[end] == '.' ||
              message.where.text[end] == '-' || message.where.text[end] == '_'))
        ++end;
      names = message.where.text.substr(begin, end - begin);
    }
  for (isa::Arch candidate : {arch, isa::Arch::X86_64, isa::Arch::AArch64}) {
    isa::FeatureSet features(candidate);
    for (std::size_t at = 0; at < names.size();) {
      std::size_t comma = std::min(names.find(',', at), names.size());
      if (!features.add(std::string_view(names).substr(at, comma - at))) break;
      at = comma + 1;
    }
    if (!features.empty()) return features;
  }
  return {};
}

bool is_header(std::string_view path) {
  return path.ends_with(".h") || path.ends_with(".hpp") || path.ends_with(".hh") || path.ends_with(".inc");
}

bool is_source(std::string_view path) {
  for (std::string_view ending : {".c", ".cc", ".cpp", ".cxx", ".C", ".S", ".s", ".cu", ".m", ".mm"})
    if (path.ends_with(ending) && !path.starts_with("-")) return true;
  return false;
}

/// Words by which assemblers refuse what a newer one takes. Source: binutils gas/read.c and config/tc-*.c,
/// LLVM's MC parsers.
constexpr std::string_view refusals[] = {
    "operand type mismatch",   "operand size mismatch",        "unrecognized opcode", "bad register name",
    "unsupported instruction", "invalid instruction mnemonic", "unknown mnemonic",    "unknown pseudo-op"};

/// Types and intrinsics that a compiler's own headers declare. One that does not know them is older than the
/// code.
constexpr std::string_view vector_types[] = {
    "__m512",    "__m512d",     "__m512i",     "__m512h",      "__m256h",      "__m128h",
    "__m512bh",  "__m256bh",    "__m128bh",    "__m256",       "__m256i",      "__m256d",
    "__mmask8",  "__mmask16",   "__m128",      "__m128d",      "__m128i",      "__mmask32",
    "__mmask64", "float16x4_t", "float16x8_t", "bfloat16x8_t", "bfloat16x4_t", "svfloat32_t",
    "svbool_t",  "svint8_t",    "svuint8_t",   "poly64_t",     "poly128_t"};

bool is_vector_word(std::string_view word) {
  if (std::find(std::begin(vector_types), std::end(vector_types), word) != std::end(vector_types))
    return true;
  // RISC-V: `vfloat32m1_t`, `vbool8_t`, `__riscv_vadd_vv_i32m1`. Source: RISC-V vector intrinsics
  // specification.
  for (std::string_view beginning : {"vint", "vuint", "vfloat", "vbool", "vbfloat"})
    if (word.starts_with(beginning) && word.ends_with("_t") && word.size() > beginning.size() + 2 &&
        std::isdigit(static_cast<unsigned char>(word[beginning.size()])))
      return true;
  if (word.starts_with("__riscv_v")) return true;
  // Compilers' own builtins for vector instructions. Source: GCC's and clang's tables of target builtins.
  for (std::string_view prefix :
       {"__builtin_ia32_", "__builtin_neon_", "__builtin_sve_", "__builtin_altivec_"})
    if (word.starts_with(prefix)) return true;
  return is_intrinsic(word) && !word.starts_with("__builtin");
}

constexpr std::string_view intrinsics_of_old =
#include "intrinsics_of_old.inc"
    ;

/// Every compiler in use that is for x86 declares it, so a compiler's age does not explain that one does not.
bool is_x86_word_of_old(std::string_view word) {
  for (std::string_view type : {"__m128", "__m128d", "__m128i", "__m256", "__m256d", "__m256i"})
    if (word == type) return true;
  return intrinsics_of_old.find(fmt::format(" {} ", word)) != std::string_view::npos;
}

/// An instruction that names registers of 64-bit ARM.
bool is_aarch64_instruction(std::string_view instruction) {
  std::size_t operands = instruction.find_first_of(" \t,");
  if (operands == std::string_view::npos) return false;
  std::string_view rest = instruction.substr(operands);
  return rest.find("[sp") != std::string_view::npos || rest.find(" x0") != std::string_view::npos ||
         rest.find("\tx0") != std::string_view::npos || rest.find(",x") != std::string_view::npos ||
         rest.find(".16b") != std::string_view::npos || rest.find(".4s") != std::string_view::npos;
}

/// A source for one architecture that was given to the assembler of another. "no such instruction" are the
/// words of GNU as for x86 alone (gas/config/tc-i386.c).
bool for_another_machine(const log::ToolMessage& message) {
  if (message.kind != Kind::UnknownInstruction) return false;
  bool by_x86 = message.where.text.find("no such instruction") != std::string::npos;
  if (by_x86) return is_aarch64_instruction(message.subject);
  bool by_arm = message.where.text.find("unknown mnemonic") != std::string::npos ||
                message.where.text.find("bad instruction") != std::string::npos;
  return by_arm && (message.subject.find("%r") != std::string::npos ||
                    message.subject.find("%xmm") != std::string::npos ||
                    message.subject.find("%ymm") != std::string::npos);
}

/// `%rdi`, `%r8`: what the assembler does not know where it makes code for 32 bits.
bool is_register_of_x86_64(std::string_view word) {
  while (word.starts_with("%")) word.remove_prefix(1);
  while (word.ends_with(")") || word.ends_with(",")) word.remove_suffix(1);
  if (word.size() < 2 || word.size() > 4 || word[0] != 'r') return false;
  constexpr std::string_view others[] = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rsp", "rbp", "rip"};
  return std::find(std::begin(others), std::end(others), word) != std::end(others) ||
         std::isdigit(static_cast<unsigned char>(word[1]));
}

void state_64_bit_assembly(Context& context, const log::ToolMessage& message) {
  Diagnosis diagnosis = make("LDX0403", Confidence::Likely, {});
  diagnosis.title = say("`{}` is for x86-64, and is assembled for 32-bit x86",
                        message.source.empty() ? say("the source") : message.source);
  diagnosis.explanation =
      say("`{}` is a register of x86-64, and this assembler was asked for 32-bit code (-m32, --32, or a "
          "compiler for "
          "i386 to i686). The build chose its assembly sources for another machine than it compiles for; "
          "configure it "
          "for the 32-bit target, or without the assembly.",
          message.subject);
  diagnosis.evidence.push_back(context.log_line(message.where));
  diagnosis.missing_evidence.push_back(
      {say("the machine that the compiler is for"),
       say("the compile command (make V=1, ninja -v), and CC -dumpmachine")});
  WrongMachine found;
  found.path = message.source;
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

/// The file is compiled for 32-bit x86, as far as the log shows: -m32, a target, a directory of the compiler.
bool compiles_for_32_bit_x86(const Case& facts, const log::ToolMessage& message) {
  if (facts.arch == isa::Arch::X86) return true;
  for (const log::Command& command : facts.log->commands) {
    if (command.role != log::Command::Role::Compile || command.where.line > message.where.line) continue;
    for (std::string_view word : command.arguments)
      if (word == "-m32" || word == "-march=i686" || word == "-march=i586" || word == "-mfpmath=sse")
        return true;
  }
  return false;
}

/// An intrinsic that the compiler's headers have for x86-64 alone.
void state_64_bit_intrinsic(Context& context, const log::ToolMessage& message) {
  const bool narrow = compiles_for_32_bit_x86(context.facts, message);
  std::vector<std::string> names;
  for (const SymbolFacts* symbol : context.open())
    if (symbol->name == message.subject) names.push_back(symbol->name);
  Diagnosis diagnosis = make("LDX1510", narrow ? Confidence::Likely : Confidence::Possible, names);
  diagnosis.title = say("`{}` is declared for x86-64 only", message.subject);
  diagnosis.explanation = say(
      "Its instruction takes a 64-bit register, which code for 32-bit x86 does not have: compilers leave the "
      "intrinsic out when they compile for i386 to i686 or with -m32, whatever their age. The code has to do "
      "without it there.");
  diagnosis.evidence.push_back(context.log_line(message.where));
  diagnosis.missing_evidence.push_back(
      {say("the machine that the compiler is for"),
       say("the compile command (make V=1, ninja -v), and CC -dumpmachine")});
  context.state(std::move(diagnosis));
}

/// The target of the whole case, or of the command that compiled the file.
std::string target_of(const Case& facts, const log::ToolMessage& message) {
  if (!facts.target.empty()) return facts.target;
  const log::Command* command = command_for(facts, message.source);
  if (!command || command->arguments.empty()) return {};
  for (std::size_t i = 1; i < command->arguments.size(); ++i) {
    const std::string& word = command->arguments[i];
    if (word.starts_with("--target=")) return word.substr(9);
    if ((word == "-target" || word == "-arch") && i + 1 < command->arguments.size())
      return command->arguments[i + 1];
  }
  const std::string_view program = file_name(command->arguments[0]);
  const std::string prefix(program.substr(0, program.find_last_of('-')));  // aarch64-linux-gnu-g++
  return isa::arch_of_triple(prefix) == isa::Arch::Unknown ? "" : prefix;
}

/// What compilers for x86 have declared for many years: for want of the header, or of the machine.
void state_undeclared_intrinsic(Context& context, const log::ToolMessage& message) {
  std::vector<std::string> names;
  for (const SymbolFacts* symbol : context.open())
    if (symbol->name == message.subject) names.push_back(symbol->name);
  const std::string target = target_of(context.facts, message);
  const isa::Arch arch = isa::arch_of_triple(target);
  const bool foreign = arch != isa::Arch::Unknown && arch != isa::Arch::X86 && arch != isa::Arch::X86_64;
  Diagnosis diagnosis = make(foreign ? "LDX1510" : "LDX1302", Confidence::Likely, names);
  diagnosis.title =
      foreign ? say("`{}` is an intrinsic for x86, and this build is for `{}`", message.subject, target)
              : say("no header that declares `{}` is included", message.subject);
  diagnosis.explanation =
      say("Every compiler for x86 of the last ten years declares it, in <immintrin.h>, so a newer one is not "
          "what is missing.");
  diagnosis.explanation +=
      foreign ? say(" Compilers for another machine have nothing of that name: the code has to leave it out "
                    "there, or the build takes the wrong compiler.")
              : say(" The file does not include that header, or only after the code that needs it; or the "
                    "compiler is for another machine. GCC before 4.9 also left it out where the flag of the "
                    "CPU feature (-msse4.2, -mavx) was not given.");
  diagnosis.evidence.push_back(context.log_line(message.where));
  diagnosis.missing_evidence.push_back(
      {say("the machine that the compiler is for"), "CC -dumpmachine; CC --version"});
  if (!foreign) {
    IntrinsicCalled found;
    found.name = message.subject;
    found.header = "immintrin.h";
    found.source = message.source;
    diagnosis.finding = std::move(found);
  }
  context.state(std::move(diagnosis));
}

void state_dropped_flag(Context& context, const log::ToolMessage& message, const DroppedFlag& row) {
  Diagnosis diagnosis = make("LDX1515", Confidence::Likely, {});
  diagnosis.title = say("newer compilers no longer have `{}`", message.subject);
  diagnosis.explanation =
      row.clang.empty()
          ? say("GCC {} dropped the option together with the CPU feature, so the file was not compiled.",
                row.gcc)
          : say("GCC {} and clang {} dropped the option together with the CPU feature, so the file was not "
                "compiled.",
                row.gcc, row.clang);
  diagnosis.evidence.push_back(context.log_line(message.where));
  diagnosis.missing_evidence.push_back({say("the version of the compiler"), "CC --version"});
  OtherRelease found;
  found.refused = message.subject;
  found.gcc = row.gcc;
  found.clang = row.clang.empty() ? row.gcc : row.clang;
  found.dropped = true;
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

void state_another_machine(Context& context, const log::ToolMessage& message) {
  Diagnosis diagnosis = make("LDX0403", Confidence::Likely, {});
  diagnosis.title = say("`{}` is for another machine than the assembler",
                        message.source.empty() ? say("the source") : message.source);
  diagnosis.explanation = say(
      "`{}` is no instruction of the machine that this assembler works for. A cross build took the compiler "
      "of the build machine: "
      "tell it the target's (CC, CC_<triple>, or the toolchain file).",
      message.subject);
  diagnosis.evidence.push_back(context.log_line(message.where));
  diagnosis.missing_evidence.push_back(
      {say("the compiler that ran"), say("the whole output with commands: go build -x, make V=1, ninja -v")});
  WrongMachine found;
  found.path = message.source;
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

/// A function whose name marks CPU features, called where no declaration of it is seen.
void state_undeclared_kernel(Context& context, const log::ToolMessage& message) {
  std::optional<isa::NameHint> hint = isa::from_name(message.subject, context.facts.arch);
  if (!hint || message.subject.find('_') == std::string::npos) return;
  Diagnosis diagnosis = make("LDX0504", Confidence::Likely, {});
  diagnosis.title = say("`{}` is not declared where `{}` calls it", message.subject,
                        message.source.empty() ? say("a file") : std::string(file_name(message.source)));
  diagnosis.explanation = say(
      "Its name marks code for some CPU features. Such code, and its declaration, stand under an `#if` for "
      "these features. The "
      "condition is false in this file, and the one around the call is not, or there is none.");
  diagnosis.evidence.push_back(context.log_line(message.where));
  diagnosis.missing_evidence.push_back(
      {say("the two conditions"), fmt::format("grep -rnw -B8 {} SOURCES", message.subject)});
  context.state(std::move(diagnosis));
}

/// In C an undeclared intrinsic is only warned of; that its file then fails, an error in that file says.
bool stops_its_file(const Case& facts, const log::ToolMessage& warning) {
  if (!is_intrinsic(warning.subject)) return false;
  const std::vector<const log::ToolMessage*> errors = messages_of(facts, Kind::CompileError);
  return std::any_of(errors.begin(), errors.end(), [&](const log::ToolMessage* error) {
    return error->error && error->source == warning.source && error->where.line > warning.where.line;
  });
}

struct MachineFlag {
  std::string_view prefix, family, source;
};
constexpr MachineFlag machine_flags[] = {
#include "machine_flags.inc"
};

/// The machines whose compilers have long known the flag; empty when age may be why one does not.
std::string_view family_of_flag(const log::ToolMessage& message) {
  if (message.kind != Kind::UnknownFlag) return {};
  std::string flag = message.subject;
  if (flag.starts_with("-mno-")) flag.erase(2, 3);
  for (const MachineFlag& row : machine_flags)
    if (flag.starts_with(row.prefix)) return row.family;
  return {};
}

/// A type or builtin that the compiler refuses, and no call that it cannot inline.
bool refuses_for_features(const log::ToolMessage& message) {
  if (is_feature_refusal(message)) return true;
  for (std::string_view words : {" ISA extension", " option", " extension", "builtin not available"})
    if (message.kind == Kind::TargetOptionMismatch && message.where.text.find(words) != std::string::npos &&
        message.where.text.find("inlin") == std::string::npos)
      return true;
  return false;
}

/// An assembler that knows the instruction, and was told not to accept it.
bool forbidden_by_flags(const log::ToolMessage& message) {
  for (std::string_view words :
       {"selected processor does not support", "selected FPU does not support", "selected architecture",
        "instruction requires", "requires extension", ", extension `", ", extension ‘"})
    if (message.message.find(words) != std::string::npos ||
        message.where.text.find(words) != std::string::npos)
      return true;
  return false;
}

void add_flags(Context& context, const log::ToolMessage& message, FlagMismatch& found, Diagnosis& diagnosis) {
  const log::Command* command = command_for(context.facts, message.source);
  if (!command) return;
  found.callee = message.source;
  found.callee_flags = isa::features_of_flags(command->arguments, context.facts.arch).flags;
  diagnosis.evidence.push_back(context.log_line(command->where));
}

}  // namespace

void rule_flag_mismatch(Context& context) {
  if (!context.facts.log) return;
  std::vector<const log::ToolMessage*> mismatches = messages_of(context.facts, Kind::TargetOptionMismatch);
  for (const log::ToolMessage& message : context.facts.log->messages)
    if (is_feature_refusal(message)) mismatches.push_back(&message);
  if (!mismatches.empty() && !context.facts.failure) {
    std::vector<std::string> names;
    for (const SymbolFacts* symbol : context.open()) names.push_back(symbol->name);
    const log::ToolMessage& first = *mismatches.front();
    FlagMismatch found;
    found.callee = compiled_file(context.facts, first);
    Diagnosis diagnosis = make("LDX0501", Confidence::Likely, names);
    const bool refused = refuses_for_features(first);
    diagnosis.title =
        !names.empty()
            ? say("{} is used in a function that is not compiled for its CPU features", list_names(names))
        : !refused ? say("a function is inlined where its CPU features are off")
                   : say("code for CPU features is compiled where they are off");
    diagnosis.explanation =
        refused
            ? say("The compiler knows it, and takes it only in code that is compiled for the CPU features "
                  "that "
                  "it stands for. ")
            : say("The compiler found a function marked for some CPU features inside one that is compiled "
                  "without them. ");
    diagnosis.explanation += say(
        "Either the file "
        "lacks its -m or -march flag, or a later flag on its command takes the feature away, or the `#if` "
        "around the code "
        "tests for less than the code needs. It is also what an old compiler says when -mcpu=native or a "
        "target attribute does "
        "not turn on what the code assumes.");
    for (std::size_t i = 0; i < mismatches.size() && i < 3; ++i)
      diagnosis.evidence.push_back(context.log_line(mismatches[i]->where));
    for (const log::ToolMessage* mismatch : mismatches)
      found.lacking.add(wanted_features(*mismatch, context.facts.arch));
    if (found.lacking.arch() == isa::Arch::X86_64 && !found.lacking.empty() &&
        isa::baseline(isa::Arch::X86_64).contains(found.lacking))
      diagnosis.explanation +=
          say(" Every x86-64 CPU has {}: this compile is for 32-bit x86, or turns them off (-mno-sse, "
              "-mgeneral-regs-only).",
              fmt::join(found.lacking.names(), say(", ")));
    add_flags(context, first, found, diagnosis);
    if (found.callee_flags.empty())
      diagnosis.missing_evidence.push_back(
          {say("the whole command that compiled the file"),
           say("make V=1 (or ninja -v), and look at the order of its -m flags")});
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
  }
  for (const log::ToolMessage* message : messages_of(context.facts, Kind::UnknownInstruction)) {
    if (!forbidden_by_flags(*message)) continue;
    Diagnosis diagnosis = make("LDX0503", Confidence::Likely, {});
    diagnosis.title =
        message->subject.empty()
            ? say("the assembler was told not to accept an instruction of `{}`", message->source)
            : say("the assembler was told not to accept `{}`", message->subject);
    diagnosis.explanation = say(
        "The assembler knows the instruction and refuses it because the architecture that it was given (by "
        "-march, -mcpu or the "
        "file's own .arch line) does not have it. The file needs the flag of that extension.");
    diagnosis.evidence.push_back(context.log_line(message->where));
    FlagMismatch found;
    found.callee = message->source;
    add_flags(context, *message, found, diagnosis);
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
    break;
  }
}

void rule_failed_compile_in_log(Context& context) {
  if (!context.facts.log) return;
  if (!context.facts.failure)
    for (const log::ToolMessage& message : context.facts.log->messages) {
      if (context.stated()) break;
      if (for_another_machine(message)) state_another_machine(context, message);
      if (message.kind == Kind::UnknownInstruction && is_register_of_x86_64(message.subject))
        state_64_bit_assembly(context, message);
      if (const DroppedFlag* row = dropped_flag(message); row != nullptr && message.error)
        state_dropped_flag(context, message, *row);
      if (context.stated()) break;
      if (message.kind != Kind::ImplicitDeclaration ||
          !(message.error || stops_its_file(context.facts, message)))
        continue;
      if (!is_vector_word(message.subject)) {
        state_undeclared_kernel(context, message);
        continue;
      }
      if (is_intrinsic_of_x86_64(message.subject) && context.facts.arch != isa::Arch::X86_64) {
        state_64_bit_intrinsic(context, message);
        continue;
      }
      OtherRelease release = release_of_name(message.subject);
      if (is_x86_word_of_old(message.subject) && !came_late(message.subject)) {
        state_undeclared_intrinsic(context, message);
        continue;
      }
      std::vector<std::string> names;
      for (const SymbolFacts* symbol : context.open())
        if (symbol->name == message.subject) names.push_back(symbol->name);
      Diagnosis diagnosis = make("LDX0203", Confidence::Likely, names);
      diagnosis.title = say("the compiler does not know `{}`", message.subject);
      diagnosis.explanation =
          say("It is declared by the compiler's own headers, from the version on that knows the CPU feature. "
              "This compiler is older, the file does not "
              "include the header, or the compiler is for another machine.");
      diagnosis.evidence.push_back(context.log_line(message.where));
      diagnosis.missing_evidence.push_back({say("the version of the compiler"), "CC --version"});
      diagnosis.finding = std::move(release);
      context.state(std::move(diagnosis));
    }
  if (!context.facts.failure)
    for (const log::ToolMessage* message : messages_of(context.facts, Kind::CompileError)) {
      if (context.stated() || !message->error || !contains_any(message->message, refusals)) continue;
      Diagnosis diagnosis = make("LDX0201", Confidence::Likely, {});
      diagnosis.title = say("the assembler refuses an instruction that a newer one takes");
      diagnosis.explanation = say(
          "The assembler does not know the instruction in this form. It is older than the code, or the code "
          "is for another assembler.");
      diagnosis.evidence.push_back(context.log_line(message->where));
      diagnosis.missing_evidence.push_back({say("the version of the assembler"), "as --version"});
      diagnosis.finding = OtherRelease{OtherRelease::Tool::Assembler, "", "", "", false};
      context.state(std::move(diagnosis));
    }
  if (!context.facts.failure && context.stated()) return;
  for (Kind kind : {Kind::UnknownInstruction, Kind::UnknownFlag, Kind::BadFlagValue}) {
    for (const log::ToolMessage* message : messages_of(context.facts, kind)) {
      bool native = message->subject.find("native") != std::string::npos ||
                    message->message.find("'native'") != std::string::npos;
      if (!message->error && !context.facts.failure) continue;
      if (for_another_machine(*message) || (forbidden_by_flags(*message) && !context.facts.failure)) continue;
      std::vector<std::string> names;
      for (const SymbolFacts* symbol : context.open()) {
        std::optional<isa::NameHint> hint = isa::from_name(bare_name(symbol->name), context.facts.arch);
        if (hint) names.push_back(symbol->name);
      }
      // The command that the message belongs to: the last one before it. If its source defines the symbol,
      // that settles it.
      const log::Command* failed = nullptr;
      for (const log::Command& command : context.facts.log->commands)
        if (command.role == log::Command::Role::Compile && command.where.line < message->where.line)
          failed = &command;
      std::vector<std::string> shown;
      std::optional<SourceDefinition> definition;
      if (failed && context.facts.failure)
        for (const SymbolFacts* symbol : context.open())
          for (const SourceDefinition& found : find_definitions(context.facts, symbol->linker_name))
            for (const std::string& argument : failed->arguments)
              if (file_name(argument) == file_name(found.path) && !argument.starts_with("-"))
                shown.push_back(symbol->name), definition = found;
      if (!shown.empty()) names = shown;
      if (context.facts.failure && names.empty()) continue;
      // What the same assembler, in the same file, took for a symbol.
      if (!context.facts.failure && kind == Kind::UnknownInstruction)
        for (const log::ToolMessage* other : messages_of(context.facts, Kind::UndefinedInAssembly))
          if (other->source == message->source) names.push_back(other->subject);
      std::string_view family = family_of_flag(*message);
      bool foreign = !family.empty();
      std::string_view code = native || (foreign && !names.empty()) ? "LDX0103"
                              : foreign                             ? "LDX1510"
                              : kind == Kind::UnknownInstruction    ? "LDX0201"
                                                                    : "LDX0202";
      Diagnosis diagnosis = make(code, definition ? Confidence::Certain : Confidence::Likely, names);
      std::string thing = !message->subject.empty() ? fmt::format("`{}`", message->subject)
                          : kind == Kind::UnknownInstruction && !message->source.empty()
                              ? say("an instruction in `{}`", message->source)
                              : message->message;
      diagnosis.title = kind == Kind::UnknownInstruction ? say("the assembler does not know {}", thing)
                        : native                         ? say("the compiler refused {}", thing)
                                                         : say("the compiler does not know {}", thing);
      diagnosis.explanation =
          kind == Kind::UnknownInstruction
              ? say("The assembler is older than the instruction, so the file was "
                    "not assembled. A newer binutils (or nasm) knows it.")
          : foreign
              ? say("Compilers for {} have had that option for many years, so this one is for another "
                    "machine: the build took the wrong compiler, or gives one machine's options to all.{}",
                    translated(family),
                    names.empty() ? "" : say(" The file was not compiled, and what it defines is missing."))
          : native
              ? say("`native` means the CPU of the build machine; a cross compiler refuses it. The file was "
                    "not compiled, and what it defines is missing.")
              : say("The compiler is older than the flag, or for another machine, so the file was not "
                    "compiled, and what it defines is missing.");
      diagnosis.evidence.push_back(context.log_line(message->where));
      if (!names.empty()) diagnosis.evidence.push_back(context.log_line(names.front()));
      if (definition) {
        diagnosis.evidence.push_back(context.log_line(failed->where));
        diagnosis.evidence.push_back({"source", definition->path, definition->line, definition->text});
        diagnosis.explanation +=
            say(" That file, `{}`, defines {}.", shown_path(definition->path), list_names(names));
      } else if (const log::Command* command = command_for(context.facts, message->source))
        diagnosis.evidence.push_back(context.log_line(command->where));
      if (!definition)
        diagnosis.missing_evidence.push_back({say("the version of the tool"), kind == Kind::UnknownInstruction
                                                                                  ? "as --version"
                                                                                  : "CC --version"});
      KernelNotBuilt found;
      found.source = message->source;
      if (native) found.failing_flag = message->subject.starts_with("-") ? message->subject : "-march=native";
      found.message = message->message;
      if (native)
        diagnosis.finding = std::move(found);
      else if (code == "LDX0201")
        diagnosis.finding = OtherRelease{OtherRelease::Tool::Assembler, message->subject, "", "", false};
      else if (code == "LDX0202")
        diagnosis.finding = release_of_flag(message->subject, context.facts.arch);
      context.state(std::move(diagnosis));
      return;
    }
  }
}

}  // namespace linkdx::diagnose
