// Messages that carry their whole meaning in one line: a file that the linker could not use, and what
// compilers, assemblers and build tools said before.
#include "failures.hpp"
#include "linkdx/language.hpp"
#include "places.hpp"
#include "quotes.hpp"
#include "text.hpp"

namespace linkdx::log {
namespace {

/// What CMake looks for when it says "No CMAKE_ASM_NASM_COMPILER could be found"
/// (Modules/CMakeDetermineASM_NASMCompiler.cmake and its neighbours).
struct AssemblerLanguage {
  std::string_view language, tool;
};
constexpr AssemblerLanguage kAssemblerLanguages[] = {
    {"NASM", "nasm"}, {"MASM", "ml64"}, {"MARMASM", "armasm64"}, {"ATT", "as"}};

/// "error:" in the languages that GCC speaks.
constexpr std::string_view kErrorWords[] = {
#include "error_words.inc"
};

bool says_error_in_any_language(std::string_view text) {
  if (says_error(text)) return true;
  for (std::string_view word : kErrorWords)
    if (contains(text, word)) return true;
  return false;
}

/// `x86_64-linux-gnu-ar`, `/usr/bin/ranlib`: binutils' and LLVM's tools for archives.
bool is_archiver(std::string_view tool) {
  tool = base_name(tool);
  for (std::string_view name : {"ar", "ranlib", "nm"})
    if (tool == name ||
        (tool.size() > name.size() && tool.ends_with(name) && tool[tool.size() - name.size() - 1] == '-'))
      return true;
  return false;
}

std::string_view without_closing(std::string_view text) {
  while (drop_suffix(text, ")") || drop_suffix(text, "}") || drop_suffix(text, ",")) {
  }
  return text;
}

}  // namespace

void Assembler::add_input(Stream& stream, const Match& match, std::string_view text, std::uint64_t number) {
  const Fields& fields = match.fields;
  InputError input;
  input.kind = match.pattern->input;
  std::string_view path = fields.path;
  std::string storage;
  // A pattern that begins with the path took the linker and "error:" with it.
  if (std::optional<LinkerName> named = linker_prefix(path)) path = named->rest;
  while (drop_severity(path)) {
  }
  // A loader's message follows the words of the program that quotes it: "ImportError: libx.so: cannot open".
  if (match.pattern->linker == Linker::Loader && match.pattern->text.starts_with("{path}")) {
    path = last_path(path);
    if (path == "%1") path = {};  // Windows' message before its argument was filled in
  }
  bool unnamed = contains(text, "%1");
  if (path.empty() && !unnamed && input.kind != InputError::Kind::LibraryNotFound &&
      input.kind != InputError::Kind::SkippedIncompatible) {
    bool loader = match.pattern->linker == Linker::Loader;
    storage = std::string(loader ? last_path(match.place) : match.place);
    if (!storage.ends_with(":")) storage += ":";
    path = storage;
    if (std::optional<LinkerName> named = linker_prefix(path)) path = named->rest;
    while (drop_severity(path)) {
    }
    while (drop_suffix(path, ":") || drop_suffix(path, " ") || drop_suffix(path, "\u00a0") ||
           drop_suffix(path, ",")) {
    }
    // "/usr/lib/libz.so: error adding symbols" behind words in another language.
    // "ar: a.o: plugin needed": the archiver speaks, of the file behind.
    if (std::size_t colon = path.find(": "); colon != std::string_view::npos)
      path = is_archiver(path.substr(0, colon)) ? path.substr(colon + 2) : path.substr(0, colon);
    while (drop_suffix(path, " ") || drop_suffix(path, "\u00a0")) {
    }
    if (contains(path, " \u00a0")) path = path.substr(0, path.find(" \u00a0"));
  }
  input.path = trim(path);
  if (match.pattern->linker == Linker::Unknown && input.kind == InputError::Kind::FileNotFound &&
      !looks_like_object(input.path)) {
    static constexpr Pattern kOtherFile{Event::Message, "", Linker::Unknown, InputError::Kind::Other,
                                        ToolMessage::Kind::CompileError};
    Match other = match;
    other.pattern = &kOtherFile;
    other.fields = {};
    return add_message(stream, other, text, number);
  }
  // An exception's name is no file: "OSError: [WinError 126]".
  if (match.pattern->linker == Linker::Loader && fields.path.empty() && input.path.ends_with("Error"))
    input.path.clear();
  if (input.kind == InputError::Kind::CpuLevel && fields.path.empty()) input.path.clear();
  input.subject = strip_stray_quote(fields.subject.empty() ? fields.version : fields.subject);
  input.expected = fields.expected;
  if (match.pattern->linker == Linker::Loader) input.needed_by = without_closing(fields.other);
  // Apple's frameworks are found by name as libraries are, and are none.
  if (input.kind == InputError::Kind::LibraryNotFound && contains(text, "framework")) {
    input.path = input.subject + ".framework";
    input.kind = InputError::Kind::FileNotFound;
    input.subject.clear();
  }
  input.found = fields.found;
  if (input.kind == InputError::Kind::AbiMismatch && input.subject.ends_with(".")) input.subject.pop_back();
  // A general pattern may have taken prose for a path: no path of any linker is this long or empty here.
  Failure& failure = failure_of(stream, text, number);
  name_linker(failure, text, match);
  // "target emulation A does not match B" says more of the file on the line before.
  if (input.path.empty() && !failure.inputs.empty() && contains(match.pattern->text, "target emulation")) {
    InputError& last = failure.inputs.back();
    if (last.kind != InputError::Kind::AbiMismatch || !last.found.empty()) return;
    last.kind = input.kind;
    last.found = input.found;
    last.expected = input.expected;
    return;
  }
  if (!is_repeated(stream, text)) {
    input.where = excerpt(text, number);
    failure.inputs.push_back(std::move(input));
  }
  if (failure.inputs.size() > kMostSymbols)
    limit(say(
        "more than 65536 unusable inputs in one failure: what follows in the log was counted but not kept"));
  // musl's loader goes on with what is missing in consequence, dyld and .NET with why the file could not be
  // used.
  bool goes_on = match.pattern->text.starts_with("Error loading") ||
                 contains(match.pattern->text, "ibrary not loaded") ||
                 match.pattern->text.starts_with("Unable to load shared");
  if (match.pattern->linker == Linker::Loader && !goes_on) close(stream);
}

void Assembler::add_message(Stream& stream, const Match& match, std::string_view text, std::uint64_t number) {
  using Kind = ToolMessage::Kind;
  const Fields& fields = match.fields;
  ToolMessage message;
  message.kind = match.pattern->message;
  // Go's compiler and assembler do not say the word.
  bool by_go = contains(text, ".go:") || text.starts_with("asm: ") || message.kind == Kind::MissingBody ||
               contains(text, "unrecognized instruction \"");
  // cctools' old assembler leaves the word out.
  const bool by_as = contains(text, ":no such instruction: ");
  message.error =
      (says_error_in_any_language(text) || by_go || by_as) && message.kind != Kind::BuildScriptWarning;
  std::string_view place = match.place;
  while (true) {
    std::string_view before = place;
    for (std::string_view word :
         {"error:", "Error:", "warning:", "ERROR:", "fatal error:", "note:", "error", "fatal"})
      drop_suffix(place, word);
    while (drop_suffix(place, ":") || drop_suffix(place, " ")) {
    }
    if (place == before) break;
  }
  // "In file included from a.h:3, from b.c:1: x.h:5": the last one is what it is about.
  if (std::size_t at = place.rfind(": "); at != std::string_view::npos) place = place.substr(at + 2);
  Reference about = read_place(place);
  if (about.source_line) {
    message.source = about.source.empty() ? about.object : about.source;
    message.source_line = about.source_line;
  } else if (place.size() <= 64 && !contains(place, " ")) {
    message.tool = place;
  }
  if (message.kind == Kind::BadFlagValue) {
    std::string flag(fields.subject);
    if (!flag.empty() && !fields.found.empty() && !flag.ends_with("=")) flag += "=";
    message.subject = flag + std::string(strip_stray_quote(fields.found));
  } else {
    message.subject = strip_stray_quote(fields.subject);
  }
  if (message.kind == Kind::CheckFailed || message.kind == Kind::ToolMissing) {
    if (message.tool.empty() && text.starts_with("-- ")) message.tool = "cmake";
  }
  if (message.kind == Kind::ToolMissing)
    if (std::size_t colon = message.subject.rfind(": "); colon != std::string::npos)
      message.subject.erase(0, colon + 2);
  bool whole = fields.any.empty() || message.kind == Kind::TargetOptionMismatch ||
               message.kind == Kind::UnknownInstruction;
  std::string_view said = whole ? text.substr(std::min(text.size(), match.place.size())) : fields.any;
  said = trim(said);
  while (drop_prefix(said, ":") || drop_prefix(said, " ")) {
  }
  message.message = said.substr(0, kLongestExcerpt);
  if (message.kind == Kind::ToolMissing)
    for (const AssemblerLanguage& assembler : kAssemblerLanguages)
      if (message.subject == assembler.language) message.subject = assembler.tool;
  // Prose that a pattern took for a program's name: a program is one word, and no source file.
  if (message.kind == Kind::ToolMissing && (message.subject.empty() || contains(message.subject, " "))) {
    if (!message.error) return;
    message.kind = Kind::CompileError;
    message.subject.clear();
  }
  // A driver that did not find its linker: the command before it is the link that failed.
  if (message.kind == ToolMessage::Kind::ToolMissing &&
      (contains(text, "collect2: ") || contains(text, "invalid linker name") ||
       contains(text, "unable to execute command")))
    failure_of(stream, text, number).other.push_back(excerpt(text, number));
  keep_message(std::move(message), text, number);
}

}  // namespace linkdx::log
