// kernel-object-not-built, shown by the sources: a file defines the symbol, and no compile command holds it.
//
// Which files were compiled is known from compile_commands.json, from a CMake tree's own files, or from the
// compile commands that the log shows. Why one was left out is looked for where build systems keep it: the
// languages they enabled, the options and feature checks in the cache, the conditions around the file's name.
// The same look shows the other fault of this kind: the file was compiled, but without the features that its
// own `#if` asks for, and came out empty.
#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "facts.hpp"
#include "listing.hpp"
#include "rule.hpp"
#include "sources.hpp"

namespace linkdx::diagnose {

namespace fs = std::filesystem;

namespace {

struct KnownCompile {
  std::vector<std::string> arguments;
  std::string source, object, path;
  Excerpt where;
  std::string directory;
  const build::BuildScriptRun* script = nullptr;
};

std::string source_of(const std::vector<std::string>& arguments) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i - 1] == "-o" || arguments[i - 1] == "-MF" || arguments[i - 1] == "-MT") continue;
    for (std::string_view suffix : {".c", ".cc", ".cpp", ".cxx", ".C", ".s", ".S", ".asm"})
      if (!arguments[i].starts_with("-") && arguments[i].ends_with(suffix)) return arguments[i];
  }
  return {};
}

std::string value_after(const std::vector<std::string>& arguments, std::string_view option) {
  for (std::size_t i = 1; i + 1 < arguments.size(); ++i)
    if (arguments[i] == option) return arguments[i + 1];
  return {};
}

std::vector<KnownCompile> known_compiles(const Case& facts) {
  std::vector<KnownCompile> known;
  auto add = [&](const std::vector<build::Compile>& commands) {
    for (const build::Compile& command : commands)
      known.push_back({command.arguments, command.source, command.object, command.path, command.where,
                       command.directory});
  };
  if (facts.build) {
    for (const build::CMakeTree& tree : facts.build->cmake) add(tree.commands);
    for (const build::ConfiguredTree& tree : facts.build->configured) add(tree.commands);
    add(facts.build->commands);
    for (const build::CargoTree& tree : facts.build->cargo)
      for (const build::BuildScriptRun& script : tree.scripts)
        for (const build::Compile& compile : script.compiles) {
          if (compile.result == build::Compile::Result::Failed || compile.source.empty()) continue;
          if (is_of_another_build(facts, script.directory)) continue;
          std::string directory = compile.directory.empty() ? script.source_directory : compile.directory;
          known.push_back({compile.arguments, compile.source, compile.object,
                           compile.path.empty() ? script.output_path : compile.path, compile.where, directory,
                           &script});
        }
  }
  if (facts.log)
    for (const log::Command& command : facts.log->commands)
      if (command.role == log::Command::Role::Compile || command.role == log::Command::Role::Assemble)
        if (std::string source = source_of(command.arguments); !source.empty())
          known.push_back({command.arguments, source, value_after(command.arguments, "-o"), facts.log->name,
                           command.where, command.directory});
  return known;
}

bool same_source(const KnownCompile& compile, const std::string& path) {
  if (file_name(compile.source) != file_name(path)) return false;
  std::error_code error;
  fs::path a = fs::weakly_canonical(fs::path(compile.directory) / compile.source, error);
  fs::path b = fs::weakly_canonical(path, error);
  return a == b || !fs::exists(a, error);  // recorded elsewhere: the file's name has to do
}

/// The language by which CMake compiles the file.
std::string language_of(std::string_view source) {
  if (source.ends_with(".asm") || source.ends_with(".nasm")) return "ASM_NASM";
  if (source.ends_with(".s") || source.ends_with(".S")) return "ASM";
  if (source.ends_with(".c")) return "C";
  return "CXX";
}

/// A build system's own list of commands, rather than what a log happened to show of it.
bool lists_commands(const std::vector<build::ConfiguredTree>& trees) {
  return std::any_of(trees.begin(), trees.end(), [](const build::ConfiguredTree& tree) {
    return (tree.system == "ninja" || tree.system == "meson") && !tree.commands.empty();
  });
}

/// Every input of the link was read, and none defines it.
bool shown_nowhere(const Context& context, const std::string& symbol) {
  const link::Undefined* located = context.located(symbol);
  return located && located->verdict == link::Verdict::DefinedNowhere && context.facts.replay &&
         context.facts.replay->complete;
}

/// The condition that the build file puts around the source, and what made it false.
std::string under_condition(const ListedAt& listed, const OffSwitch& off, bool check) {
  return check ? say("`{}` adds the file only under `{}`, and the check `{}` failed", shown_path(listed.path),
                     listed.condition, off.name)
               : say("`{}` adds the file only under `{}`, and the option `{}` is off",
                     shown_path(listed.path), listed.condition, off.name);
}

void state_not_compiled(Context& context, const SourceDefinition& source,
                        const std::vector<std::string>& names, std::size_t definitions,
                        const std::vector<std::string>& like_command, bool commands_known) {
  const Case& facts = context.facts;
  KernelNotBuilt found;
  found.source = source.path;
  found.like_command = like_command;
  for (const SymbolFacts& symbol : facts.symbols)
    if (symbol.name == names.front() && symbol.isa) found.features = symbol.isa->features;
  // Several files that define the name (every test has a main) leave open which one was meant. A log may show
  // one of several builds: without the build system's own list, only the objects at hand show that none has
  // it.
  bool shown = commands_known
                   ? context.located(names.front()) ||
                         (facts.build && (!facts.build->cmake.empty() || !facts.build->commands.empty() ||
                                          lists_commands(facts.build->configured)))
                   : shown_nowhere(context, names.front());
  Diagnosis diagnosis =
      make("LDX0102", definitions == 1 && shown ? Confidence::Certain : Confidence::Likely, names);
  if (!shown)
    diagnosis.missing_evidence.push_back(
        {say("that no object of the build defines it"), context.with_tree()});
  if (definitions > 1)
    diagnosis.missing_evidence.push_back(
        {say("which of {} source files that define it was meant", definitions),
         fmt::format("grep -rnw {} SOURCES", plain_function_name(names.front()))});
  diagnosis.evidence.push_back({"source", source.path, source.line, source.text});
  std::string why;
  std::optional<ListedAt> listed = listed_at(facts, source.path);
  std::string language = language_of(source.path);
  const build::CMakeTree* tree =
      facts.build && !facts.build->cmake.empty() ? &facts.build->cmake.front() : nullptr;
  found.cmake = tree;
  if (tree && listed) {
    bool enabled = tree->languages.empty() || std::find(tree->languages.begin(), tree->languages.end(),
                                                        language) != tree->languages.end();
    const build::Setting* compiler = nullptr;
    for (const build::Setting& setting : tree->cache)
      if (setting.key == "CMAKE_" + language + "_COMPILER" && setting.value.ends_with("NOTFOUND"))
        compiler = &setting;
    if (compiler) {
      diagnosis = make("LDX0301", Confidence::Certain, names);
      diagnosis.evidence.push_back({"source", source.path, source.line, source.text});
      diagnosis.evidence.push_back(
          {"cmake-cache", compiler->path, compiler->where.line, compiler->where.text});
      ToolMissing missing;
      missing.tool = language == "ASM_NASM" ? "nasm" : "as";
      missing.package = language == "ASM_NASM" ? "nasm" : "binutils";
      missing.cmake = tree;
      diagnosis.title =
          say("no {} was found, so `{}` was not assembled", missing.tool, file_name(source.path));
      diagnosis.explanation = say(
          "`{}` defines {}. CMake looked for an assembler of language {} and found none, and the file was "
          "left out.",
          shown_path(source.path), list_names(names), language);
      diagnosis.evidence.push_back({"source", listed->path, listed->line, listed->text});
      diagnosis.evidence.push_back(context.log_line(names.front()));
      diagnosis.finding = std::move(missing);
      context.state(std::move(diagnosis));
      return;
    }
    if (!enabled && listed->condition.empty()) {
      found.language = language;
      why = say(
          "`{}` lists the file, and the project does not enable the language {}: CMake passes over source "
          "files of languages that are not enabled",
          shown_path(listed->path), language);
    } else if (std::optional<OffSwitch> off = off_switch(*tree, listed->condition)) {
      found.gate_variable = off->name;
      why = under_condition(*listed, *off, off->is_check);
      diagnosis.evidence.push_back(off->evidence);
      if (const build::Setting* preset = preset_of(facts, off->name))
        diagnosis.evidence.push_back({"source", preset->path, preset->where.line, preset->where.text});
    }
  }
  if (facts.build && listed && !listed->condition.empty() && why.empty())
    for (const build::ConfiguredTree& configured : facts.build->configured)
      if (std::optional<OffSwitch> off = off_switch(configured, *listed);
          off && why.empty() && configured.system != "cmake-presets") {
        found.gate_variable = off->name;
        why = under_condition(*listed, *off, !off->is_option);
        diagnosis.evidence.push_back(off->evidence);
      }
  bool only_guessed = false;
  if (why.empty() && (!listed || listed->condition.empty()))
    if (std::vector<FailedCheck> checks = failed_checks_about(facts, names.front()); !checks.empty()) {
      only_guessed = true;
      why =
          say("the configure step's check `{}` failed{}, which may be what left it out", checks.front().what,
              checks.front().message.empty() ? "" : say(" ({})", checks.front().message));
      diagnosis.evidence.push_back(checks.front().evidence);
    }
  if (listed) {
    diagnosis.evidence.push_back({"source", listed->path, listed->line, listed->text});
    if (!listed->condition.empty()) {
      diagnosis.evidence.push_back({"source", listed->path, listed->condition_line, listed->condition});
      if (why.empty())
        why = say("`{}` adds the file only under `{}`", shown_path(listed->path), listed->condition);
    }
  } else if (why.empty()) {
    why = say("no build file names it");
  }
  diagnosis.title = say("`{}` defines {} and was never compiled", file_name(source.path), list_names(names));
  diagnosis.explanation =
      say("The definition stands at {}:{}. {}{}.", shown_path(source.path), source.line,
          commands_known ? say("The list of compile commands does not hold that file")
                         : say("None of the objects at hand goes by that file's name or defines it"),
          why.empty() ? "" : say(": {}", why));
  diagnosis.evidence.push_back(context.log_line(names.front()));
  if (why.empty() || only_guessed)
    diagnosis.missing_evidence.push_back(
        {say("why the file was left out"), say("the configure step's output, from a clean build directory")});
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

/// The features by which a guard is known, from the compiler's predefined macros: `__AVX2__` is `avx2`.
isa::FeatureSet features_of_guard(const std::string& guard, isa::Arch arch) {
  isa::FeatureSet features(arch);
  for (std::size_t at = guard.find("__"); at != std::string::npos; at = guard.find("__", at + 2)) {
    std::size_t end =
        guard.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_", at);
    std::string macro = guard.substr(at, end - at);
    std::string name;
    for (char c : macro) name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    while (name.starts_with("_")) name.erase(0, 1);
    while (name.ends_with("_")) name.pop_back();
    for (std::string_view prefix : {"arm_feature_", "arm_", "wasm_"})
      if (name.starts_with(prefix)) name = name.substr(prefix.size());
    std::string dotted = name;
    if (name == "sse4_1") dotted = "sse4.1";
    if (name == "sse4_2") dotted = "sse4.2";
    if (!features.add(dotted)) features.add(name);
    if (end == std::string::npos) break;
    at = end - 2 < at ? at : end - 2;
  }
  return features;
}

bool state_compiled_empty(Context& context, const SourceDefinition& source, const KnownCompile& compile,
                          const std::vector<std::string>& names, const std::vector<KnownCompile>& known) {
  const Case& facts = context.facts;
  if (source.guard.empty()) return false;
  isa::FeatureSet wanted = features_of_guard(source.guard, facts.arch);
  if (wanted.empty()) return false;
  isa::FeatureSet had = isa::features_of_flags(compile.arguments, facts.arch).features;
  isa::FeatureSet lacking = wanted.minus(isa::with_implied(had));
  if (lacking.empty()) return false;

  FlagMismatch found;
  found.callee = source.path;
  found.callee_command = compile.arguments;
  found.script = compile.script;
  found.callee_flags = isa::features_of_flags(compile.arguments, facts.arch).flags;
  found.lacking = lacking;
  found.macro = source.guard;
  for (const SymbolFacts& symbol : facts.symbols) {
    if (symbol.name != names.front()) continue;
    for (const std::string& object : referrers_of(symbol))
      for (const KnownCompile& candidate : known)
        if (!candidate.object.empty() &&
            (object.ends_with(std::string(file_name(candidate.object))) ||
             object.find("(" + std::string(file_name(candidate.object)) + ")") != std::string::npos) &&
            found.caller.empty()) {
          found.caller = candidate.source;
          found.caller_flags = isa::features_of_flags(candidate.arguments, facts.arch).flags;
        }
  }
  // The object itself, without the symbol, is the proof that it came out empty.
  bool shown = false;
  if (facts.artifacts && !compile.object.empty())
    for (const artifact::File* file : facts.artifacts->files())
      for (const auto& object : file->objects())
        if (file_name(object->member().empty() ? file->path() : object->member()) ==
            file_name(compile.object)) {
          shown = std::none_of(
              object->symbols().begin(), object->symbols().end(), [&](const artifact::Symbol& symbol) {
                return symbol.name == bare_name(names.front()) && symbol.state != artifact::State::Undefined;
              });
        }
  std::string flags;
  for (const std::string& feature : lacking.names()) flags += (flags.empty() ? "" : say(", ")) + feature;
  Diagnosis diagnosis = make("LDX0502", shown ? Confidence::Certain : Confidence::Likely, names);
  diagnosis.title = say("`{}` was compiled without {} and came out without {}", file_name(source.path), flags,
                        list_names(names));
  diagnosis.explanation = say(
      "The definition at {}:{} stands under `#{}`. The command that compiled the file does not turn {} on, "
      "so the "
      "compiler saw nothing there{}.",
      shown_path(source.path), source.line, source.guard, flags,
      shown ? say(", and the object has no such symbol") : "");
  if (compile.script)
    diagnosis.explanation += say(
        " A build script compiled it; what `-C target-cpu` and `-C target-feature` tell rustc does not reach "
        "the C compiler.");
  if (!found.caller.empty())
    diagnosis.explanation += found.caller_flags.empty()
                                 ? say(" `{}`, which calls it, was compiled without such flags; another "
                                       "condition lets it call the kernel.",
                                       found.caller)
                                 : say(" `{}`, which calls it, was compiled with {}.", found.caller,
                                       fmt::join(found.caller_flags, " "));
  diagnosis.evidence.push_back({"source", source.path, source.line, source.text});
  diagnosis.evidence.push_back({"source", source.path, source.guard_line, "#" + source.guard});
  if (!compile.arguments.empty())
    diagnosis.evidence.push_back({"compile-command", compile.path, compile.where.line,
                                  fmt::format("{}", fmt::join(compile.arguments, " "))});
  if (shown)
    diagnosis.evidence.push_back(
        {"symbol-table", compile.object, 0, say("does not define `{}`", names.front())});
  diagnosis.evidence.push_back(context.log_line(names.front()));
  if (!shown)
    diagnosis.missing_evidence.push_back(
        {say("that the object lacks the symbol"),
         fmt::format("nm {} | grep {}", compile.object.empty() ? "OBJECT" : compile.object, names.front())});
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
  return true;
}

/// Objects of this build that go by the name of the source: `sum.o`, `sum.c.o`, `0a1b-sum.o` of `sum.c`. Not
/// those that a known command made of another file of that name.
std::vector<const artifact::Object*> objects_named_after(const Case& facts, const std::string& source,
                                                         const std::vector<KnownCompile>& known) {
  bool compiled = std::any_of(known.begin(), known.end(),
                              [&](const KnownCompile& compile) { return same_source(compile, source); });
  std::vector<const artifact::Object*> objects;
  if (!facts.artifacts) return objects;
  std::string_view stem = file_name(source);
  stem = stem.substr(0, stem.rfind('.'));
  for (const artifact::File* file : facts.artifacts->files()) {
    if (is_of_another_build(facts, file->path())) continue;
    for (const auto& object : file->objects()) {
      artifact::Kind kind = object->kind();
      if (!artifact::is_relocatable(kind) && kind != artifact::Kind::Bitcode &&
          kind != artifact::Kind::GccLto)
        continue;
      std::string_view name = file_name(object->member().empty() ? file->path() : object->member());
      name = name.substr(0, name.find('.'));
      bool same =
          name == stem || object->source_file() == file_name(source) ||
          (name.ends_with(stem) && name.size() > stem.size() && name[name.size() - stem.size() - 1] == '-');
      bool of_another =
          !compiled && std::any_of(known.begin(), known.end(), [&](const KnownCompile& compile) {
            return !compile.object.empty() &&
                   file_name(compile.object) ==
                       file_name(object->member().empty() ? file->path() : object->member());
          });
      if (same && !of_another) objects.push_back(object.get());
    }
  }
  return objects;
}

/// `-Dname=other` on the command: the macro renames the function in that file.
std::string renamed_by_macro(const KnownCompile* compile, std::string_view name) {
  if (!compile) return {};
  for (const std::string& word : compile->arguments)
    if (word.starts_with(fmt::format("-D{}=", name))) return word;
  return {};
}

/// An object goes by the source's name and holds the definition under another name, or not at all.
void state_object_lacks(Context& context, const SourceDefinition& source, const artifact::Object& object,
                        std::size_t objects, const KnownCompile* compile,
                        const std::vector<std::string>& names) {
  const link::Undefined* located = context.located(names.front());
  const link::Nearest* renamed = nullptr;
  if (located)
    for (const link::Nearest& nearest : located->nearest)
      if (nearest.why == link::Nearest::Why::SimilarName && (!renamed || nearest.object == &object))
        renamed = &nearest;
  std::string plain = plain_function_name(names.front());
  std::string macro = renamed_by_macro(compile, plain);
  bool several = objects > 2;  // the object, and its copy in an archive
  Confidence confidence = renamed && !macro.empty() && !several ? Confidence::Certain : Confidence::Likely;
  Diagnosis diagnosis = make(renamed ? "LDX0803" : "LDX0106", confidence, names);
  std::string object_name = object.label();
  diagnosis.title = renamed ? say("`{}` has `{}` where `{}` defines {}", object_name,
                                  renamed->demangled.empty() ? renamed->name : renamed->demangled,
                                  file_name(source.path), list_names(names))
                            : say("`{}` does not hold {}, which `{}` defines", object_name, list_names(names),
                                  file_name(source.path));
  diagnosis.explanation =
      say("The definition stands at {}:{}, and an object of that file's name is there, which does not define "
          "it{}. {}",
          shown_path(source.path), source.line,
          renamed ? say(": it has `{}`, which nothing refers to", renamed->name) : std::string(),
          !macro.empty()
              ? say("The command that compiled it has `{}`, which renames it.", macro)
              : say("The object was made from an older text of the file, or with macros that rename or leave "
                    "out the function."));
  diagnosis.evidence.push_back({"source", source.path, source.line, source.text});
  if (!source.guard.empty())
    diagnosis.evidence.push_back({"source", source.path, source.guard_line, "#" + source.guard});
  diagnosis.evidence.push_back(
      {"symbol-table", renamed ? renamed->where : object_name, 0,
       renamed ? say("defines `{}`", renamed->name) : say("does not define `{}`", names.front())});
  if (compile && !compile->arguments.empty())
    diagnosis.evidence.push_back({"compile-command", compile->path, compile->where.line,
                                  fmt::format("{}", fmt::join(compile->arguments, " "))});
  diagnosis.evidence.push_back(context.log_line(names.front()));
  if (confidence != Confidence::Certain)
    diagnosis.missing_evidence.push_back(
        {say("whether the object is older than its source, and the command that made it"),
         say("ls -l --full-time {} {}; make V=1 (or ninja -v)", shown_path(source.path),
             std::string(object_name.substr(0, object_name.find('('))))});
  if (renamed) {
    NameMismatch found;
    found.kind = NameMismatch::Kind::Renamed;
    found.wanted = located->name;
    found.present = renamed->name;
    found.where = renamed->where;
    found.macro = macro;
    diagnosis.finding = std::move(found);
  } else {
    diagnosis.finding = ObjectToRemake{object_name, true};
  }
  context.state(std::move(diagnosis));
}

/// A compile of the same build and language, to compile another file by.
std::vector<std::string> command_like(const std::vector<KnownCompile>& known, const std::string& path) {
  for (const KnownCompile& compile : known)
    if (!compile.arguments.empty() && language_of(compile.source) == language_of(path))
      return compile.arguments;
  for (const KnownCompile& compile : known)
    if (!compile.arguments.empty()) return compile.arguments;
  return {};
}

/// An assembler that the log says is missing, for a source that needs it.
const log::ToolMessage* assembler_missing(const Case& facts, const std::string& source) {
  if (!facts.log || language_of(source) != "ASM_NASM") return nullptr;
  for (const log::ToolMessage& message : facts.log->messages)
    if ((message.kind == log::ToolMessage::Kind::ToolMissing ||
         message.kind == log::ToolMessage::Kind::CheckFailed) &&
        (message.subject.find("nasm") != std::string::npos ||
         message.subject.find("yasm") != std::string::npos))
      return &message;
  return nullptr;
}

void state_assembler_missing(Context& context, const SourceDefinition& source,
                             const log::ToolMessage& message, const std::vector<std::string>& names) {
  Diagnosis diagnosis = make("LDX0301", Confidence::Certain, names);
  diagnosis.title =
      say("{} was not found, so `{}` was not assembled", message.subject, file_name(source.path));
  diagnosis.explanation =
      say("`{}` defines {}. The build looked for {}, did not find it, and went on without the file.",
          shown_path(source.path), list_names(names), message.subject);
  diagnosis.evidence.push_back({"source", source.path, source.line, source.text});
  diagnosis.evidence.push_back(context.log_line(message.where));
  diagnosis.evidence.push_back(context.log_line(names.front()));
  ToolMissing missing;
  missing.tool = missing.package = "nasm";
  missing.cmake = context.facts.build && !context.facts.build->cmake.empty()
                      ? &context.facts.build->cmake.front()
                      : nullptr;
  diagnosis.finding = std::move(missing);
  context.state(std::move(diagnosis));
}

}  // namespace

void rule_cmake_kernel(Context& context) {
  if (context.open().empty() || !context.facts.failure || source_directories(context.facts).empty()) return;
  std::vector<KnownCompile> known = known_compiles(context.facts);
  // Without a compile command the objects at hand have to show that none came of the source.
  if (known.empty() && (!context.facts.artifacts || context.facts.artifacts->files().empty())) return;
  struct Group {
    std::vector<SourceDefinition> definitions;
    std::vector<std::string> names;
  };
  std::map<std::string, Group> by_source;
  for (const SymbolFacts* symbol : context.open()) {
    const link::Undefined* located = context.located(symbol->name);
    // A definition in an object at hand: the replayed link has the better answer.
    if (located && located->verdict != link::Verdict::DefinedNowhere &&
        located->verdict != link::Verdict::Unknown)
      continue;
    using Why = link::Nearest::Why;
    if (located && !located->nearest.empty() && located->nearest.front().why != Why::Sibling &&
        located->nearest.front().why != Why::SimilarName)
      continue;
    if (known.empty() && (!located || located->verdict != link::Verdict::DefinedNowhere)) continue;
    std::vector<SourceDefinition> definitions = find_definitions(context.facts, symbol->linker_name);
    if (definitions.empty()) continue;
    Group& group = by_source[definitions.front().path];
    if (group.names.empty()) group.definitions = definitions;
    group.names.push_back(symbol->name);
  }
  for (const auto& [path, group] : by_source) {
    const SourceDefinition* compiled_source = nullptr;
    const KnownCompile* compiled = nullptr;
    for (const SourceDefinition& definition : group.definitions)
      for (const KnownCompile& compile : known)
        if (!compiled && same_source(compile, definition.path))
          compiled = &compile, compiled_source = &definition;
    const SourceDefinition& source = compiled_source ? *compiled_source : group.definitions.front();
    std::vector<const artifact::Object*> objects = objects_named_after(context.facts, source.path, known);
    bool stated = compiled && state_compiled_empty(context, source, *compiled, group.names, known);
    if (stated) continue;
    // An object that was made without these features, by a command that is not known.
    if (!objects.empty() && !compiled) {
      KnownCompile unknown;
      unknown.source = source.path;
      const artifact::Object& object = *objects.front();
      unknown.object = object.member().empty() ? object.label() : std::string(object.member());
      if (state_compiled_empty(context, source, unknown, group.names, known)) continue;
    }
    if (!objects.empty())
      state_object_lacks(context, source, *objects.front(), objects.size(), compiled, group.names);
    else if (compiled)
      continue;
    else if (const log::ToolMessage* message = assembler_missing(context.facts, path))
      state_assembler_missing(context, source, *message, group.names);
    else
      state_not_compiled(context, source, group.names, group.definitions.size(), command_like(known, path),
                         !known.empty());
  }
}

}  // namespace linkdx::diagnose
