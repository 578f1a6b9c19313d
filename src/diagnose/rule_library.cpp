// Libraries: not found, named too early, not named at all, or named only by another library.
//
// Four sources of evidence: the linker ("cannot find -lfoo", "DSO missing from command line"), the replayed
// link (which archive on the line defines the symbol and was searched too early), the artifacts at hand
// (which library off the line defines it), and the log's own command (a known library that stands too early).
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "facts.hpp"
#include "helpers.hpp"
#include "rule.hpp"
#include "sources.hpp"

namespace linkdx::diagnose {

namespace {

std::string plain_path(std::string_view label) {
  return std::string(label.substr(0, label.find('(')));
}

const link::Unusable* unusable(const Case& facts, std::string_view library) {
  if (!facts.replay) return nullptr;
  for (const link::Unusable& item : facts.replay->unusable)
    if (item.name == library || item.name == fmt::format("-l{}", library)) return &item;
  return nullptr;
}

/// The name by which the link command knows the library that holds `label`; its path when it is named so.
std::string on_command_line(const Case& facts, const std::string& label) {
  std::string path = plain_path(label), library = library_of_path(path);
  if (facts.failure && facts.failure->command)
    for (const std::string& word : facts.failure->command->arguments) {
      if (word == "-l" + library) return word;
      if (word == path || (!word.starts_with("-") && file_name(word) == file_name(path))) return word;
    }
  return path;
}

void state_not_reached(Context& context) {
  std::map<std::string, std::vector<std::string>> by_library;  // archive as on the command line -> symbols
  std::map<std::string, std::string> label_of;
  for (const SymbolFacts* symbol : context.open()) {
    const link::Undefined* undefined = context.located(symbol->name);
    if (!undefined || undefined->verdict != link::Verdict::DefinedNotReached) continue;
    for (const link::Nearest& nearest : undefined->nearest)
      if (nearest.why == link::Nearest::Why::SameNameNotReached) {
        std::string library = on_command_line(context.facts, nearest.where);
        by_library[library].push_back(symbol->name);
        label_of[library] = nearest.where;
        break;
      }
  }
  if (by_library.empty()) return;
  OrderWrong found;
  std::vector<std::string> names;
  std::vector<Evidence> evidence;
  for (const auto& [library, symbols] : by_library) {
    found.libraries.push_back(library);
    names.insert(names.end(), symbols.begin(), symbols.end());
    evidence.push_back({"symbol-table", label_of[library], 0, say("defines {}", list_names(symbols))});
    evidence.push_back(context.log_line(symbols.front()));
  }
  if (context.facts.failure && context.facts.failure->command)
    evidence.push_back(context.log_line(context.facts.failure->command->where));
  Diagnosis diagnosis = make("LDX0701", Confidence::Certain, names);
  diagnosis.title =
      found.libraries.size() == 1
          ? say("{} is named on the link line before what needs it", list_names(found.libraries))
          : say("{} are named on the link line before what needs them", list_names(found.libraries));
  const std::string archives = list_names(found.libraries);
  diagnosis.explanation =
      names.size() == 1 ? say("`{}` is defined in {}, which is part of this link.", names.front(), archives)
                        : say("The symbols are defined in {}, which is part of this link.", archives);
  diagnosis.explanation += say(
      " The linker reads the line from left to right and takes from an archive "
      "only what something before it has asked for; here the request comes after the archive. Replaying the "
      "link over the same files shows the same: the member is there and is never taken.");
  diagnosis.evidence = std::move(evidence);
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

/// GCC's intermediate code under lld, which has no plugin for it: the object is there, and lld sees none of
/// its symbols.
void state_unread_definitions(Context& context) {
  if (!context.facts.failure || context.facts.failure->linker != log::Linker::Lld) return;
  std::map<std::string, std::vector<std::string>> by_object;
  for (const SymbolFacts* symbol : context.open()) {
    const link::Undefined* undefined = context.located(symbol->name);
    if (!undefined || undefined->nearest.empty()) continue;
    const link::Nearest& nearest = undefined->nearest.front();
    if (nearest.name == undefined->name && nearest.object && nearest.object->kind() == artifact::Kind::GccLto)
      by_object[nearest.where].push_back(symbol->name);
  }
  for (const auto& [where, names] : by_object) {
    Diagnosis diagnosis = make("LDX1101", Confidence::Certain, names);
    diagnosis.title = say("`{}` holds GCC's intermediate code, which lld does not read", where);
    diagnosis.explanation =
        names.size() == 1
            ? say("`{}` is defined in that object, which GCC compiled with -flto:", names.front())
            : say("The symbols are defined in that object, which GCC compiled with -flto:");
    diagnosis.explanation +=
        say(" it has no machine code, and only GNU ld, gold and mold read it, through GCC's plugin. lld "
            "passes over it.");
    diagnosis.evidence.push_back(
        {"symbol-table", where, 0, say("defines {} as intermediate code", list_names(names))});
    diagnosis.evidence.push_back(context.log_line(names.front()));
    diagnosis.finding = IntermediateCode{where, false};
    context.state(std::move(diagnosis));
  }
}

bool is_hidden_in(const artifact::Object& object, std::string_view name) {
  for (const artifact::Symbol& symbol : object.symbols())
    if (symbol.name == name && symbol.state != artifact::State::Undefined)
      return symbol.visibility == artifact::Visibility::Hidden ||
             symbol.visibility == artifact::Visibility::Internal;
  return false;
}

/// A shared library of the link that keeps the symbol to itself: it is in the symbol table and local there.
const artifact::Object* library_that_hides(const Case& facts, std::string_view name) {
  if (!facts.replay) return nullptr;
  for (const artifact::File* file : facts.replay->inputs)
    for (const auto& object : file->objects()) {
      if (object->kind() != artifact::Kind::ElfShared) continue;
      for (const artifact::Symbol& symbol : object->local_symbols())
        if (symbol.name == name && symbol.state != artifact::State::Undefined) return object.get();
    }
  return nullptr;
}

/// The object with the definition lies in the build tree; a shared library was made of it, and does not
/// export it.
void state_hidden_in_library(Context& context) {
  for (const SymbolFacts* symbol : context.open()) {
    const link::Undefined* undefined = context.located(symbol->name);
    if (!undefined || undefined->nearest.empty()) continue;
    const artifact::Object* object = undefined->nearest.front().object;
    if (!object || !is_hidden_in(*object, undefined->name)) continue;
    const artifact::Object* library = library_that_hides(context.facts, undefined->name);
    if (!library) continue;
    Diagnosis diagnosis = make("LDX1102", Confidence::Certain, {symbol->name});
    diagnosis.title =
        say("`{}` is defined in `{}` and not exported", symbol->name, shown_path(library->label()));
    diagnosis.explanation = say(
        "`{}`, of which the library was made, defines it with hidden visibility (-fvisibility=hidden, or an "
        "attribute), "
        "so it is local to the library and a program cannot use it.",
        shown_path(object->label()));
    diagnosis.evidence.push_back({"symbol-table", library->label(), 0, say("holds it as a local symbol")});
    diagnosis.evidence.push_back({"symbol-table", object->label(), 0, say("defines it, hidden")});
    diagnosis.evidence.push_back(context.log_line(symbol->name));
    NotVisible found;
    found.symbol = symbol->name;
    found.where = library->label();
    for (const SourceDefinition& definition : find_definitions(context.facts, symbol->linker_name)) {
      found.source = definition.path;
      found.source_line = definition.line;
      diagnosis.evidence.push_back({"source", definition.path, definition.line, definition.text});
      break;
    }
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
  }
}

/// A package cannot be named on a link line.
bool is_in_package(const Case& facts, const std::string& label) {
  if (!facts.artifacts) return false;
  const std::vector<const artifact::File*> files = facts.artifacts->files();
  return std::any_of(files.begin(), files.end(), [&](const artifact::File* file) {
    return file->kind() == artifact::Kind::Package && label.starts_with(file->path() + "(");
  });
}

void state_elsewhere(Context& context) {
  std::map<std::string, std::vector<std::string>> by_file;
  std::map<std::string, std::string> label_of;
  for (const SymbolFacts* symbol : context.open()) {
    const link::Undefined* undefined = context.located(symbol->name);
    if (!undefined || undefined->verdict != link::Verdict::DefinedElsewhere) continue;
    // Without the link command nobody can say that the library is not on it. rustc abridges only its own
    // objects and rlibs.
    if (!context.facts.failure || !context.facts.failure->command) continue;
    // A library rather than the object that it was made from.
    const link::Nearest* best = nullptr;
    for (const link::Nearest& nearest : undefined->nearest)
      if (nearest.why == link::Nearest::Why::SameNameElsewhere &&
          !is_in_package(context.facts, nearest.where) &&
          (!best || (library_of_path(plain_path(best->where)).empty() &&
                     !library_of_path(plain_path(nearest.where)).empty())))
        best = &nearest;
    if (!best) continue;
    std::string path = plain_path(best->where);
    // Every driver links a C library; where a name is not in it, another C library is no library to add.
    if (library_of_path(path) == "c") continue;
    by_file[path].push_back(symbol->name);
    label_of[path] = best->where;
  }
  for (const auto& [path, names] : by_file) {
    const log::Command& command = *context.facts.failure->command;
    bool rust_own = path.ends_with(".rlib") || path.ends_with(".o");
    if (command.abridged && rust_own) continue;
    // The command may name it by -l: then it is there, and too early.
    const NamedLibrary* named = nullptr;
    std::vector<NamedLibrary> libraries = libraries_on(command);
    for (const NamedLibrary& library : libraries)
      if (library.name == library_of_path(path)) named = &library;
    if (named) {
      Diagnosis diagnosis = make("LDX0702", Confidence::Likely, names);
      std::string referrer;
      std::size_t user = 0;
      for (const SymbolFacts& symbol : context.facts.symbols)
        if (symbol.name == names.front())
          for (const std::string& object : referrers_of(symbol))
            for (const NamedLibrary& library : libraries)
              if (library.name == library_of_path(plain_path(object)) && library.position > user)
                user = library.position, referrer = object;
      // Both ends of the order are on the command: the archive, and behind it the one whose member asks.
      if (user > named->position && path.ends_with(".a")) diagnosis.confidence = Confidence::Certain;
      diagnosis.title =
          say("`{}` stands on the link line before what needs it", command.arguments[named->position]);
      const std::string& word = command.arguments[named->position];
      const std::string before =
          referrer.empty() ? "" : say(", before `{}`, which asks for it", command.arguments[user]);
      diagnosis.explanation = names.size() == 1
                                  ? say("`{}` is defined in `{}`, which the command names as `{}`{}.",
                                        names.front(), shown_path(path), word, before)
                                  : say("The symbols are defined in `{}`, which the command names as `{}`{}.",
                                        shown_path(path), word, before);
      diagnosis.explanation +=
          say(" A linker of GNU's kind searches an archive once, at its place, and nothing had asked for it "
              "there.");
      diagnosis.evidence.push_back({"symbol-table", label_of[path], 0, say("defines {}", list_names(names))});
      diagnosis.evidence.push_back(context.log_line(names.front()));
      diagnosis.evidence.push_back(context.log_line(command.where));
      diagnosis.finding = OrderWrong{{command.arguments[named->position]}};
      context.state(std::move(diagnosis));
      continue;
    }
    LibraryMissing found;
    found.name = library_of_path(path);
    found.path = path;
    Diagnosis diagnosis = make("LDX0603", Confidence::Certain, names);
    diagnosis.title = names.size() == 1 ? say("{} is defined in `{}`, which is not on the link line",
                                              list_names(names), shown_path(path))
                                        : say("{} are defined in `{}`, which is not on the link line",
                                              list_names(names), shown_path(path));
    diagnosis.explanation = say(
        "The symbol table of `{}` holds the definition, and the link command names neither this file nor a "
        "library of that name.",
        shown_path(label_of[path]));
    diagnosis.evidence.push_back({"symbol-table", label_of[path], 0, say("defines {}", list_names(names))});
    diagnosis.evidence.push_back(context.log_line(names.front()));
    diagnosis.evidence.push_back(context.log_line(context.facts.failure->command->where));
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
  }
}

void state_wrong_machine(Context& context) {
  std::vector<std::string> names;
  WrongMachine found;
  std::vector<Evidence> evidence;
  for (const SymbolFacts* symbol : context.open()) {
    const link::Undefined* undefined = context.located(symbol->name);
    if (!undefined || undefined->nearest.empty()) continue;
    const link::Nearest& nearest = undefined->nearest.front();
    if (nearest.why != link::Nearest::Why::SameNameWrongMachine || !nearest.object) continue;
    if (isa::arch_of_name(nearest.object->machine().arch) == context.facts.arch) continue;
    names.push_back(symbol->name);
    if (found.path.empty()) {
      found.path = plain_path(nearest.where);
      found.found = artifact::describe(nearest.object->machine());
      if (context.facts.replay && context.facts.replay->machine)
        found.expected = artifact::describe(*context.facts.replay->machine);
    }
    evidence.push_back(
        {"symbol-table", nearest.where, 0,
         say("defines `{}`, for {}", symbol->name, artifact::describe(nearest.object->machine()))});
    evidence.push_back(context.log_line(symbol->name));
  }
  if (names.empty()) return;
  Diagnosis diagnosis = make("LDX0402", Confidence::Certain, names);
  diagnosis.title = names.size() == 1 ? say("{} is defined only for another machine", list_names(names))
                                      : say("{} are defined only for another machine", list_names(names));
  diagnosis.explanation =
      say("The only definition among the artifacts is in `{}`, made for {}{}. The linker cannot use it.",
          found.path, found.found,
          found.expected.empty() ? "" : say(", while the link is for {}", found.expected));
  diagnosis.evidence = std::move(evidence);
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

/// `libfoo.so.2` is there, and `libfoo.so`, which -lfoo stands for, is not: only the development package
/// brings that name.
void look_for_versions(Context& context, const std::string& wanted, LibraryMissing& found,
                       Diagnosis& diagnosis) {
  const LibrarySearch& libraries = *context.facts.libraries;
  std::string version;
  for (const std::string& path : link::files_of_library(wanted, libraries.directories)) {
    if (path.find(".so.") == std::string::npos) continue;
    llvm::Expected<std::unique_ptr<artifact::File>> file = artifact::open(path);
    if (!file) {
      llvm::consumeError(file.takeError());
      continue;
    }
    if ((*file)->kind() != artifact::Kind::ElfShared) continue;
    const isa::Arch arch = isa::arch_of_name((*file)->objects().front()->machine().arch);
    if (context.facts.arch != isa::Arch::Unknown && arch != context.facts.arch) continue;
    // The shortest name is that of the loader; the longer ones are the same library.
    if (version.empty() || path.size() < version.size()) version = path;
  }
  if (version.empty()) return;
  const std::string shown = shown_path(version);
  if (std::none_of(diagnosis.evidence.begin(), diagnosis.evidence.end(),
                   [&](const Evidence& evidence) { return evidence.path == version; }))
    diagnosis.evidence.push_back(
        {"file", version, 0, say("comes near, and is not what the linker looks for")});
  diagnosis.confidence = Confidence::Certain;
  diagnosis.explanation +=
      say(" `{}` is there, for programs that run; the linker wants it under the name lib{}.so, which the "
          "development "
          "package brings.",
          shown, wanted);
  found.path = version;
  if (!libraries.system) return;
  const link::DebianRecords records;
  const std::string owner = records.owner_of(version), development = records.development_package_of(owner);
  if (!owner.empty()) diagnosis.evidence.push_back({"file", version, 0, say("is of the package {}", owner)});
  if (!development.empty()) found.packages = {development};
}

/// Windows names the module that it was to load, and not which of the libraries that this needs was not
/// there.
void state_needed_dll(Context& context, const log::InputError& error) {
  Diagnosis diagnosis = make("LDX0601", Confidence::Likely, {});
  diagnosis.title = say("`{}` or a DLL that it needs was not found", error.needed_by);
  diagnosis.explanation = say(
      "The loader does not say which file it missed. Mostly the module itself is there, and a DLL that it "
      "was linked with is not: "
      "the compiler's run-time library, or another library whose directory is not searched. Since version "
      "3.8 Python looks for "
      "them beside the module and where os.add_dll_directory says, no longer in PATH.");
  diagnosis.evidence.push_back(context.log_line(error.where));
  diagnosis.missing_evidence.push_back(
      {say("the DLLs that it needs"),
       fmt::format("dumpbin /dependents {} (or: llvm-objdump -p)", error.needed_by)});
  LibraryMissing found;
  found.needed_by = error.needed_by;
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

/// An object that the build makes; start files come with the C library or the compiler.
bool is_own_object(std::string_view path) {
  const std::string_view name = file_name(path);
  if (!name.ends_with(".o") && !name.ends_with(".obj") && !name.ends_with(".lo")) return false;
  for (std::string_view start : {"crt", "Scrt", "gcrt", "Mcrt", "Wcrt", "rcrt", "grcrt", "dllcrt"})
    if (name.starts_with(start)) return false;
  return true;
}

/// A path below the build directory: what a build makes, rather than what is installed.
bool is_relative_path(std::string_view path) {
  return path.find_first_of("/\\") != std::string_view::npos && path[0] != '/' && path[0] != '\\' &&
         !(path.size() > 1 && path[1] == ':');
}

std::string_view stem_of(std::string_view path) {
  const std::string_view name = file_name(path);
  return name.substr(0, name.find('.'));
}

/// The first error of a compiler before the link; for an object, that of its own source where the log has it.
const log::ToolMessage* failed_compile_before(const Case& facts, const log::InputError& error, bool object) {
  const log::ToolMessage* first = nullptr;
  for (const log::ToolMessage& message : facts.log->messages) {
    if (!message.error || !explains_stop(message) || message.where.line >= error.where.line) continue;
    if (object && !message.source.empty() && stem_of(message.source) == stem_of(error.path)) return &message;
    if (!first) first = &message;
  }
  return first;
}

/// A file of the build itself that is not there when the linker asks for it: what was to make it did not.
bool state_unmade(Context& context, const log::InputError& error) {
  const bool object = is_own_object(error.path);
  // A pattern that no file fits is handed on as it stands: `x86/*.o`.
  const std::string_view shown =
      error.path.find('*') == std::string::npos ? file_name(error.path) : error.path;
  const log::ToolMessage* failed = failed_compile_before(context.facts, error, object);
  if (!object && !(failed && is_relative_path(error.path))) return false;
  Diagnosis diagnosis = make(failed ? "LDX0103" : "LDX0109", Confidence::Likely, {});
  diagnosis.title = failed ? say("`{}` was not made: a compile failed earlier in the log", shown)
                           : say("`{}` was not made", shown);
  diagnosis.explanation =
      failed ? say("The build went on after that error, to a link that names what was not made. The first "
                   "error is "
                   "the one to mend.")
             : say("The link command names an object that is not there: it was not compiled, was made in "
                   "another "
                   "directory or under another name, or the build links before it compiles.");
  if (failed) diagnosis.evidence.push_back(context.log_line(failed->where));
  diagnosis.evidence.push_back(context.log_line(error.where));
  if (!failed)
    diagnosis.missing_evidence.push_back(
        {say("the command that should make it"), say("the whole output with commands: make V=1, ninja -v")});
  context.state(std::move(diagnosis));
  return true;
}

}  // namespace

void rule_missing_library(Context& context) {
  if (!context.facts.failure) return;
  for (const log::InputError& error : context.facts.failure->inputs) {
    using Kind = log::InputError::Kind;
    if (error.kind != Kind::LibraryNotFound && error.kind != Kind::FileNotFound) continue;
    // A library passed over as incompatible is a wrong-arch-object, and has been said.
    bool is_library = error.kind == Kind::LibraryNotFound;
    std::string wanted = is_library ? error.subject : error.path;
    if (wanted.empty() && !error.needed_by.empty()) {
      state_needed_dll(context, error);
      continue;
    }
    if (wanted.empty()) continue;
    bool passed_over =
        std::any_of(context.facts.failure->inputs.begin(), context.facts.failure->inputs.end(),
                    [&](const log::InputError& other) {
                      if (other.kind == Kind::SkippedIncompatible && is_library)
                        return other.subject == error.subject || library_of_path(other.path) == error.subject;
                      return other.kind == Kind::Incompatible && !is_library &&
                             file_name(other.path) == file_name(error.path);
                    });
    if (passed_over) continue;
    if (!is_library && context.facts.failure->linker != log::Linker::Loader && state_unmade(context, error))
      continue;
    LibraryMissing found;
    found.name = wanted;
    found.on_command_line = true;
    // That it was not found is sure; why (not installed, another machine's, another directory) only the files
    // show. Without one of its libraries a program lacks all that the library defines.
    bool at_start = context.facts.failure->linker == log::Linker::Loader;
    std::vector<std::string> names;
    if (at_start)
      for (const SymbolFacts* symbol : context.open()) names.push_back(symbol->name);
    Diagnosis diagnosis = make("LDX0601", Confidence::Likely, names);
    bool for_gnu = takes_debian_packages(context.facts);
    diagnosis.title =
        is_library && !at_start ? say("`-l{}` was not found", wanted) : say("`{}` was not found", wanted);
    diagnosis.explanation =
        at_start
            ? (error.needed_by.empty()
                   ? say("The program needs this shared library, and the loader did not find it in its "
                         "directories.")
                   : say("`{}` needs this shared library, and the loader did not find it in its directories.",
                         error.needed_by)) +
                  say(" It is not installed there, or one of the libraries that it needs itself is missing.")
        : wanted.ends_with(".framework")
            ? say("The linker looked for that framework in the -F directories and the SDK's own.")
        : is_library && for_gnu
            ? say("The linker looked for lib{0}.so and lib{0}.a in the -L directories and its own, and found "
                  "neither.",
                  wanted)
        : is_library
            ? say("The linker looked for the library in its directories and those of the command, and "
                  "did not find it.")
            : say("The link command names a file that is not there.");
    diagnosis.evidence.push_back(context.log_line(error.where));
    if (const link::Unusable* item = unusable(context.facts, wanted)) {
      if (item->not_found) diagnosis.confidence = Confidence::Certain;
      for (const std::string& candidate : item->candidates)
        diagnosis.evidence.push_back(
            {"file", candidate, 0, say("comes near, and is not what the linker looks for")});
      if (!item->candidates.empty()) found.path = item->candidates.front();
    }
    if (is_library && context.facts.libraries) look_for_versions(context, wanted, found, diagnosis);
    if (is_library && context.facts.artifacts)
      for (const artifact::File* file : context.facts.artifacts->files()) {
        std::string_view name = file_name(file->path());
        if (name != "lib" + wanted + ".a" && name != "lib" + wanted + ".so") continue;
        if (!file->objects().empty() && context.facts.arch != isa::Arch::Unknown &&
            isa::arch_of_name(file->objects()[0]->machine().arch) != context.facts.arch)
          continue;
        if (found.path.empty() || file_name(found.path) != name) {
          found.path = file->path();
          diagnosis.confidence = Confidence::Certain;
          diagnosis.evidence.push_back(
              {"file", file->path(), 0,
               say("is a library of that name, in a directory that the linker does not search")});
          diagnosis.explanation +=
              say(" `{}` is one, in a directory that is not among them.", shown_path(file->path()));
        }
        break;
      }
    if (is_library && for_gnu && found.packages.empty())
      found.packages = packages_of_library(wanted, context.facts.target);
    if (for_gnu && (found.packages.empty() || diagnosis.confidence != Confidence::Certain))
      diagnosis.missing_evidence.push_back(
          {say("which package ships it"), is_library ? fmt::format("apt-file search lib{}.so", wanted)
                                                     : fmt::format("apt-file search {}", file_name(wanted))});
    else if (!for_gnu)
      diagnosis.missing_evidence.push_back(
          {say("the directories that were searched"), say("the link command with -v")});
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
  }
}

void rule_dso_missing(Context& context) {
  if (context.facts.failure)
    for (const log::InputError& error : context.facts.failure->inputs) {
      if (error.kind != log::InputError::Kind::IndirectOnly) continue;
      LibraryMissing found;
      found.name = library_of_path(error.path);
      found.via_dso = true;
      Diagnosis diagnosis = make("LDX0602", Confidence::Likely, {});
      diagnosis.title = say("`{}` is used and linked only through another library", error.path);
      diagnosis.explanation = say(
          "Your code uses a symbol of that library, and the link command does not name it, or names it too "
          "early: the linker met it only as a library that another one needs.");
      diagnosis.evidence.push_back(context.log_line(error.where));
      diagnosis.missing_evidence.push_back({say("the symbol: the linker names it on the line before"),
                                            say("make V=1 (or ninja -v), and paste the whole output")});
      diagnosis.finding = std::move(found);
      context.state(std::move(diagnosis));
    }
  std::map<std::string, std::vector<std::string>> by_provider;
  for (const SymbolFacts* symbol : context.open()) {
    const log::SymbolError* error = context.error_of(symbol->name);
    if (error && error->kind == log::SymbolError::Kind::DsoMissing)
      by_provider[error->provider].push_back(symbol->name);
  }
  for (const auto& [provider, names] : by_provider) {
    std::string library = library_of_path(provider);
    bool named = false;
    if (context.facts.failure->command)
      for (const NamedLibrary& item : libraries_on(*context.facts.failure->command))
        named = named || item.name == library;
    // Without the whole command nobody can say that the library is not on it, dropped there under
    // --as-needed.
    bool whole_command = context.facts.failure->command && !context.facts.failure->command->abridged;
    // The compiler's own run-time library: no program names that one.
    if (library == "gcc_s" && !named) {
      std::vector<std::string> known;
      for (const std::string& name : names)
        if (const Helper* helper = find_helper(bare_name(name));
            helper && helper->cause == Cause::RuntimeLibraryMissing)
          known.push_back(name);
      if (known.size() == names.size()) continue;  // rule_known_helper says more
    }
    Diagnosis diagnosis = make(named ? "LDX0702" : "LDX0602",
                               named || !whole_command ? Confidence::Likely : Confidence::Certain, names);
    if (!whole_command && !named)
      diagnosis.missing_evidence.push_back(
          {say("the link command, to see that it does not name `-l{}` too early", library),
           say("make V=1 (or ninja -v, cargo build -v), and paste the link command")});
    diagnosis.evidence.push_back(context.log_line(names.front()));
    if (!provider.empty())
      diagnosis.evidence.push_back({"log", context.facts.log->name,
                                    context.error_of(names.front())->where.line,
                                    say("provided by {}: DSO missing from command line", provider)});
    if (named) {
      diagnosis.title = say("`-l{}` is on the link line, before what needs it", library);
      diagnosis.explanation = say(
          "{} is in `{}`. The command names that library, but at that place nothing had asked for it yet "
          "(under --as-needed "
          "it is then dropped), and later the linker meets it only as a dependency of another library, from "
          "which it does "
          "not take symbols.",
          list_names(names), provider);
      diagnosis.evidence.push_back(context.log_line(context.facts.failure->command->where));
      diagnosis.missing_evidence.push_back(
          {say("the link replayed over the real files"), context.with_tree()});
      diagnosis.finding = OrderWrong{{"-l" + library}};
    } else {
      diagnosis.title = library.empty()
                            ? say("the library that has {} is linked only indirectly", list_names(names))
                            : say("`{}` is used directly and linked only indirectly", "lib" + library);
      diagnosis.explanation =
          names.size() == 1
              ? say("{} is in `{}`, which is part of the link only because another library depends on it.",
                    list_names(names), provider)
              : say("{} are in `{}`, which is part of the link only because another library depends on it.",
                    list_names(names), provider);
      diagnosis.explanation +=
          say(" The linker does not take symbols from such libraries; the program has to name the library "
              "itself.");
      LibraryMissing found;
      found.name = library;
      found.path = provider;
      found.via_dso = true;
      diagnosis.finding = std::move(found);
    }
    context.state(std::move(diagnosis));
  }
}

void rule_replayed_link(Context& context) {
  if (!context.facts.replay && context.facts.located.empty()) return;
  state_unread_definitions(context);
  state_not_reached(context);
  state_hidden_in_library(context);
  state_elsewhere(context);
  state_wrong_machine(context);
}

}  // namespace linkdx::diagnose
