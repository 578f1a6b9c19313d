// Tools that the build calls and that are not there: assemblers, compilers, linkers.
//
// A build that does not find nasm goes on without the assembly and fails at its link; one that does not find
// its compiler or linker stops there. What is missing stands in the words of the shell, of a build system or
// of the driver that wanted to start it.
#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "facts.hpp"
#include "rule.hpp"

namespace linkdx::diagnose {

namespace {

using Kind = log::ToolMessage::Kind;

bool is_register(std::string_view word) {
  while (word.starts_with("%")) word.remove_prefix(1);
  for (std::string_view stem : {"zmm", "ymm", "xmm", "tmm", "k"})
    if (word.starts_with(stem) && word.size() > stem.size() &&
        std::all_of(word.begin() + static_cast<std::ptrdiff_t>(stem.size()), word.end(),
                    [](char c) { return c >= '0' && c <= '9'; }))
      return true;
  return false;
}

/// Words by which configure scripts say that an assembler is not there or not new enough.
constexpr std::string_view absences[] = {"not found", "could be found",  "is missing", "too old",
                                         "install",   "Minimum version", "required"};

/// `aarch64-linux-gnu-gcc-12`, `/opt/bin/clang++`: the names that drivers go by.
bool is_compiler_name(std::string_view tool) {
  std::string_view name = file_name(tool);
  if (name.ends_with(".exe")) name.remove_suffix(4);
  while (!name.empty() &&
         (std::isdigit(static_cast<unsigned char>(name.back())) || name.back() == '.' || name.back() == '-'))
    name.remove_suffix(1);
  for (std::string_view known :
       {"gcc", "g++", "cc", "c++", "clang", "clang++", "gfortran", "nvcc", "emcc", "em++", "cl"})
    if (name == known ||
        (name.size() > known.size() && name.ends_with(known) && name[name.size() - known.size() - 1] == '-'))
      return true;
  return false;
}

bool state_missing_compiler(Context& context) {
  for (const log::ToolMessage* message : messages_of(context.facts, Kind::ToolMissing)) {
    if (!is_compiler_name(message->subject)) continue;
    Diagnosis diagnosis = make("LDX1513", Confidence::Likely, {});
    diagnosis.title = say("the build calls the compiler `{}`, which is not there", message->subject);
    diagnosis.explanation = say(
        "Nothing was compiled by it. A name with a target's prefix is that of a cross compiler, which is a "
        "package of its own "
        "(Debian: gcc-aarch64-linux-gnu and the like); CC, CC_<triple> or the toolchain file name another "
        "one.");
    diagnosis.evidence.push_back(context.log_line(message->where));
    diagnosis.missing_evidence.push_back(
        {say("which compilers are there"), "ls /usr/bin/*gcc* /usr/bin/*clang*"});
    context.state(std::move(diagnosis));
    return true;
  }
  return false;
}

/// What linkers go by, and Debian's package with it. Sources: GCC manual, -fuse-ld; Debian's file lists.
struct LinkerName {
  std::string_view name, package;
};
constexpr LinkerName linker_names[] = {
    {"ld", "binutils"},      {"bfd", "binutils"}, {"ld.bfd", "binutils"}, {"gold", "binutils"},
    {"ld.gold", "binutils"}, {"lld", "lld"},      {"ld.lld", "lld"},      {"lld-link", "lld"},
    {"wasm-ld", "lld"},      {"ld64.lld", "lld"}, {"mold", "mold"},       {"ld.mold", "mold"},
    {"rust-lld", ""},        {"link.exe", ""},    {"wild", ""},
};

const LinkerName* linker_named(std::string_view name) {
  name = file_name(name);
  for (std::string_view prefix : {"-fuse-ld=", "--ld-path="})
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  for (const LinkerName& row : linker_names)
    if (row.name == name) return &row;
  return nullptr;
}

/// The last -fuse-ld of the link command: GCC says "cannot find 'ld'" whichever it was.
std::string chosen_linker(const Case& facts) {
  std::string chosen;
  if (facts.failure && facts.failure->command)
    for (const std::string& word : facts.failure->command->arguments)
      if (word.starts_with("-fuse-ld=")) chosen = word.substr(9);
  return chosen;
}

void state_missing_linker(Context& context) {
  for (const log::ToolMessage* message : messages_of(context.facts, Kind::ToolMissing)) {
    const LinkerName* row = linker_named(message->subject);
    if (row == nullptr) continue;
    std::string name(row->name);
    const bool by_collect = message->where.text.find("collect2") != std::string::npos;
    const std::string chosen = chosen_linker(context.facts);
    if (!chosen.empty() && (by_collect || chosen == name)) name = chosen;
    row = linker_named(name);
    Diagnosis diagnosis = make("LDX1513", Confidence::Likely, {});
    diagnosis.title = say("the linker `{}` is not there", name);
    diagnosis.explanation = by_collect && chosen.empty()
                                ? say("GCC names every linker `ld` in this message. If the command has "
                                      "-fuse-ld=NAME, it is ld.NAME that "
                                      "was not found; else the package with ld (binutils) is not installed, "
                                      "or not where this GCC "
                                      "looks for it.")
                                : say("The driver could not start the linker that it was told to take, or "
                                      "takes by itself, so nothing "
                                      "was linked.");
    diagnosis.evidence.push_back(context.log_line(message->where));
    diagnosis.missing_evidence.push_back(
        {say("which linkers are there"), "ls /usr/bin/ld* /usr/bin/*lld* /usr/bin/*mold*"});
    LinkerAbsent found;
    found.name = name;
    found.package = row != nullptr ? row->package : "";
    found.chosen = name != "ld" && name != "link.exe";
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
    return;
  }
}

}  // namespace

void rule_missing_driver(Context& context) {
  if (!context.facts.log || context.stated() || !context.open().empty()) return;
  const bool nothing_linked = !context.facts.failure || (context.facts.failure->symbols.empty() &&
                                                         context.facts.failure->inputs.empty());
  if (!nothing_linked || state_missing_compiler(context)) return;
  state_missing_linker(context);
}

void rule_build_tool_missing(Context& context) {
  if (!context.facts.log) return;
  for (const log::ToolMessage& message : context.facts.log->messages) {
    if (message.kind != Kind::UndefinedInAssembly || !is_register(message.subject)) continue;
    std::vector<std::string> names;
    for (const log::ToolMessage* other : messages_of(context.facts, Kind::UndefinedInAssembly))
      if (is_register(other->subject)) names.push_back(other->subject);
    Diagnosis diagnosis = make("LDX0302", Confidence::Likely, names);
    diagnosis.title = say("the assembler takes the register `{}` for a symbol", message.subject);
    diagnosis.explanation =
        say("It is the assembler that speaks, not the linker: it does not know these registers. yasm (last "
            "release 2014) knows no "
            "AVX-512. Sources in NASM syntax that use it need nasm.");
    diagnosis.evidence.push_back(context.log_line(message.where));
    diagnosis.missing_evidence.push_back(
        {say("which assembler was used"), say("the configure output, or grep ASM_NASM CMakeCache.txt")});
    diagnosis.finding = ToolMissing{"nasm", "nasm", nullptr, nullptr};
    context.state(std::move(diagnosis));
    break;
  }
  if (!context.facts.failure)
    for (const log::ToolMessage& message : context.facts.log->messages) {
      bool names_assembler = message.message.find("nasm") != std::string::npos ||
                             message.message.find("yasm") != std::string::npos;
      if (context.stated() || !message.error || message.kind == Kind::ToolMissing || !names_assembler ||
          !contains_any(message.message, absences))
        continue;
      Diagnosis diagnosis = make("LDX0301", Confidence::Likely, {});
      diagnosis.title = say("the build asks for an assembler that is not there, or for a newer one");
      diagnosis.explanation = say(
          "The configure step looked for nasm or yasm and stopped. With it the assembly sources are built; "
          "without it they have to be switched off.");
      diagnosis.evidence.push_back(context.log_line(message.where));
      diagnosis.missing_evidence.push_back({say("the version that is installed"), "nasm --version"});
      diagnosis.finding = ToolMissing{"nasm", "nasm", nullptr, nullptr};
      context.state(std::move(diagnosis));
    }
  // Tools that turn into missing objects; a missing pkg-config or git explains no symbol.
  struct Assembler {
    std::string_view tool, package;
  };
  constexpr Assembler assemblers[] = {
      {"nasm", "nasm"},    {"yasm", "nasm"}, {"as", "binutils"},      {"ml64", ""},
      {"gas", "binutils"}, {"armasm64", ""}, {"gas-preprocessor", ""}};
  for (const log::ToolMessage* message : messages_of(context.facts, Kind::ToolMissing))
    for (const Assembler& assembler : assemblers) {
      std::string subject(file_name(message->subject));
      if (subject != assembler.tool && subject.find(std::string(assembler.tool) + "-") != 0) continue;
      std::vector<std::string> names;
      for (const SymbolFacts* symbol : context.open())
        if (const link::Undefined* located = context.located(symbol->name);
            !located || located->verdict != link::Verdict::DefinedElsewhere)
          names.push_back(symbol->name);
      if (names.empty() && context.facts.failure) continue;
      bool kernels = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return isa::from_name(bare_name(name), context.facts.arch).has_value();
      });
      // A configure step that stops is the whole failure; one that goes on may have nothing to do with it.
      bool stopped = !context.facts.failure && messages_of(context.facts, Kind::CompileError).empty();
      Diagnosis diagnosis = make(
          "LDX0301", kernels || message->error || stopped ? Confidence::Likely : Confidence::Possible, names);
      diagnosis.title = names.empty()
                            ? say("the build asks for {}, which is not there or too old", assembler.tool)
                            : say("{} was not found, so its sources were not assembled", assembler.tool);
      diagnosis.explanation =
          names.empty() ? say("The configure step looked for {} and was not content with what it found. With "
                              "it the assembly sources are built; without it they have to be switched off.",
                              assembler.tool)
                        : say("The build looked for {} and did not find it. Objects made from its sources "
                              "are then missing, and the C code still refers to them.",
                              assembler.tool);
      diagnosis.evidence.push_back(context.log_line(message->where));
      if (!names.empty()) diagnosis.evidence.push_back(context.log_line(names.front()));
      if (names.empty())
        diagnosis.missing_evidence.push_back(
            {say("the version that is installed"), fmt::format("{} --version", assembler.tool)});
      else
        diagnosis.missing_evidence.push_back(
            {say("that the symbol is defined in an assembly source"),
             fmt::format("grep -rn {} --include=*.asm SOURCES", names.front())});
      const build::CMakeTree* tree = context.facts.build && !context.facts.build->cmake.empty()
                                         ? &context.facts.build->cmake.front()
                                         : nullptr;
      diagnosis.finding =
          ToolMissing{std::string(assembler.tool), std::string(assembler.package), tree, nullptr};
      context.state(std::move(diagnosis));
      return;
    }
}

}  // namespace linkdx::diagnose
