// What the linker says of its input files: another machine, another ABI, no format it knows, no plugin for
// it, not there. These lines come with the file's name, so they are strong evidence, and undefined symbols
// after them are usually their consequence.
#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "facts.hpp"
#include "rule.hpp"
#include "sources.hpp"

namespace linkdx::diagnose {

namespace {

using InputKind = log::InputError::Kind;

std::string plain_path(std::string_view path) {
  return std::string(path.substr(0, path.find('(')));
}

/// The linker has named a symbol over which it gave up the file.
bool is_consequence(const log::Failure& failure) {
  return std::any_of(failure.symbols.begin(), failure.symbols.end(), [](const log::SymbolError& error) {
    return error.kind == log::SymbolError::Kind::TlsMismatch;
  });
}

bool is_for_target(const artifact::Object& object, const Case& facts) {
  if (facts.replay && facts.replay->machine &&
      artifact::why_incompatible(*facts.replay->machine, object.machine()))
    return false;
  return isa::arch_of_name(object.machine().arch) == facts.arch;
}

/// Files of the right machine that go by the same name, among the artifacts.
std::vector<std::string> right_copies(const Case& facts, const std::string& path) {
  std::vector<std::string> copies;
  if (!facts.artifacts) return copies;
  std::error_code error;
  for (const artifact::File* file : facts.artifacts->files()) {
    if (file_name(file->path()) != file_name(path) || file->objects().empty() ||
        std::filesystem::equivalent(file->path(), path, error))
      continue;
    if (std::all_of(file->objects().begin(), file->objects().end(),
                    [&](const auto& object) { return is_for_target(*object, facts); }))
      copies.push_back(file->path());
  }
  return copies;
}

const artifact::File* opened(const Case& facts, const std::string& path) {
  if (!facts.artifacts) return nullptr;
  for (const artifact::File* file : facts.artifacts->files())
    if (file->path() == path || (!path.empty() && file->path().ends_with("/" + path))) return file;
  return nullptr;
}

/// The member that the label names, `libx.a(f.o)`, or the first object that is not for the target.
const artifact::Object* wrong_object(const Case& facts, const artifact::File& file, std::string_view label) {
  std::size_t open = label.find('(');
  std::string_view member = open == std::string_view::npos || !label.ends_with(")")
                                ? std::string_view()
                                : label.substr(open + 1, label.size() - open - 2);
  for (const auto& object : file.objects())
    if (!member.empty() && object->member() == member) return object.get();
  for (const auto& object : file.objects())
    if (!is_for_target(*object, facts)) return object.get();
  return file.objects().empty() ? nullptr : file.objects()[0].get();
}

/// The option by which one compiler compiles for several machines, and what it would be for the output.
std::string_view machine_option(const log::Command& command) {
  for (const std::string& word : command.arguments)
    if (word == "-m32" || word == "-mx32" || word == "-m64" || word == "-m16") return word;
  return {};
}
std::string machine_option_of(const artifact::Machine& machine) {
  return machine.abi == "x32" ? "-mx32" : machine.bits == 64 ? "-m64" : "-m32";
}

/// The option for the ABI of another object of the link: it has the same processor and differs in the flags
/// that must match.
std::string abi_option_of_others(const Case& facts, const artifact::Machine& odd) {
  if (!facts.replay || (odd.abi.empty() && odd.arch.empty())) return {};
  for (const artifact::Object* object : facts.replay->linked) {
    const artifact::Machine& machine = object->machine();
    bool named_so = machine.arch.starts_with("riscv") || machine.arch.starts_with("powerpc64") ||
                    machine.arch.starts_with("loongarch");
    if (named_so && machine.arch == odd.arch && !machine.abi.empty() && machine.abi != odd.abi)
      return "-mabi=" + machine.abi;
  }
  return {};
}

/// The build script whose output directory holds the file, if one does.
const build::BuildScriptRun* script_that_made(const Case& facts, const std::string& path) {
  if (!facts.build) return nullptr;
  for (const build::CargoTree& tree : facts.build->cargo)
    for (const build::BuildScriptRun& script : tree.scripts) {
      std::string hash(file_name(script.directory));
      if (!hash.empty() && path.find("/" + hash + "/") != std::string::npos) return &script;
    }
  return nullptr;
}

/// The command that made an object, from the log or the build tree.
log::Command compile_of(const Case& facts, const std::string& path) {
  if (facts.log)
    for (const log::Command& command : facts.log->commands) {
      auto output = std::find(command.arguments.begin(), command.arguments.end(), "-o");
      if (output != command.arguments.end() && output + 1 != command.arguments.end() &&
          file_name(output[1]) == file_name(path))
        return command;
    }
  return {};
}

/// Undefined symbols that the unusable files would have defined; all of them when the files cannot be read.
std::vector<std::string> symbols_explained(const Context& context, const std::vector<std::string>& paths,
                                           bool may_guess) {
  std::vector<std::string> names;
  for (const SymbolFacts* symbol : context.open()) {
    bool defined = false, readable = false;
    for (const std::string& path : paths)
      if (const artifact::File* file = opened(context.facts, path)) {
        readable = true;
        for (const auto& object : file->objects())
          for (const artifact::Symbol& candidate : object->symbols())
            defined = defined || (candidate.state != artifact::State::Undefined &&
                                  candidate.name == bare_name(symbol->name));
      }
    if (defined || (!readable && may_guess)) names.push_back(symbol->name);
  }
  return names;
}

/// cargo keeps what it makes for a target under its name:
/// `target/aarch64-unknown-linux-gnu/release/deps/...`.
std::string triple_of_cargo_path(std::string_view path) {
  const std::size_t at = path.find("target/");
  if (at == std::string_view::npos) return {};
  std::string_view triple = path.substr(at + 7);
  const std::size_t slash = triple.find('/');
  if (slash == std::string_view::npos) return {};
  std::string_view profile = triple.substr(slash + 1);
  triple = triple.substr(0, slash);
  const bool known =
      isa::arch_of_triple(triple) != isa::Arch::Unknown && triple.find('-') != std::string_view::npos;
  return known && profile.find("/deps/") != std::string_view::npos ? std::string(triple) : std::string();
}

void state_wrong_machine(Context& context, const std::vector<const log::InputError*>& errors) {
  const Case& facts = context.facts;
  std::vector<std::string> paths;
  for (const log::InputError* error : errors)
    if (std::string path = plain_path(error->path);
        std::find(paths.begin(), paths.end(), path) == paths.end())
      paths.push_back(path);
  bool refused = std::any_of(errors.begin(), errors.end(), [](const log::InputError* error) {
    return error->kind == InputKind::Incompatible || error->kind == InputKind::WrongFormat;
  });
  WrongMachine found;
  found.path = paths.front();
  found.triple = triple_of_cargo_path(found.path);
  found.by_rustc = found.path.ends_with(".rcgu.o");
  found.in_crate = !found.triple.empty() && found.path.ends_with(".rlib") &&
                   errors.front()->path.find(".rcgu.o") == std::string::npos &&
                   errors.front()->path.ends_with(")");
  found.found = errors.front()->found;
  found.expected = errors.front()->expected;
  found.right_copies = right_copies(facts, found.path);
  found.script = script_that_made(facts, found.path);
  log::Command compile = compile_of(facts, found.path);
  // One member that differs from the others was compiled wrongly; an archive of another machine is one for
  // that machine.
  if (const artifact::File* file = opened(facts, found.path);
      file && std::any_of(file->objects().begin(), file->objects().end(),
                          [&](const auto& object) { return is_for_target(*object, facts); }))
    if (const artifact::Object* object = wrong_object(facts, *file, errors.front()->path);
        object && !object->member().empty())
      compile = compile_of(facts, std::string(object->member()));
  if (!compile.arguments.empty()) found.compiler = compile.arguments.front();

  // "file in wrong format" says that it is no object for this target; which machine it is for, only the file
  // shows.
  Confidence confidence = Confidence::Likely;
  std::vector<Evidence> evidence;
  for (std::size_t i = 0; i < errors.size() && i < 4; ++i)
    evidence.push_back(context.log_line(errors[i]->where));
  if (const artifact::File* file = opened(facts, found.path); file && !file->objects().empty()) {
    const artifact::Object* object = wrong_object(facts, *file, errors.front()->path);
    found.found = artifact::describe(object->machine());
    bool mixed = std::any_of(file->objects().begin(), file->objects().end(),
                             [&](const auto& other) { return is_for_target(*other, facts); });
    evidence.push_back(
        {"symbol-table", mixed ? object->label() : file->path(), 0, say("made for {}", found.found)});
    if (!is_for_target(*object, facts) && facts.arch != isa::Arch::Unknown) confidence = Confidence::Certain;
    if (facts.replay && facts.replay->machine && !machine_option(compile).empty() &&
        machine_option(compile) != machine_option_of(*facts.replay->machine)) {
      found.option = machine_option(compile);
      found.option_of_target = machine_option_of(*facts.replay->machine);
    }
  }
  if (!found.found.empty() && !found.expected.empty() && found.found != found.expected)
    confidence = Confidence::Certain;

  Diagnosis diagnosis = make("LDX0401", confidence, symbols_explained(context, paths, refused));
  diagnosis.title = found.path.empty() ? say("a file is not for this machine")
                    : paths.size() == 1
                        ? say("`{}` is not for this target", found.path)
                        : say("{} files are not for this target, among them `{}`", paths.size(), found.path);
  const std::string files = found.path.empty() ? say("it") : list_names(paths);
  const std::string machines = !found.found.empty() && !found.expected.empty()
                                   ? say(": made for {}, while the output is {}", found.found, found.expected)
                               : !facts.target.empty() ? say(" in a link for {}", facts.target)
                                                       : "";
  const bool loader = facts.failure->linker == log::Linker::Loader;
  if (found.by_rustc)
    diagnosis.title =
        say("the linker is for another machine than `{}`, which rustc made", file_name(found.path));
  diagnosis.explanation = loader && refused ? say("The loader refused {}{}.", files, machines)
                          : loader          ? say("The loader passed over {}{}.", files, machines)
                          : refused         ? say("The linker refused {}{}.", files, machines)
                                            : say("The linker passed over {}{}.", files, machines);
  if (found.by_rustc)
    diagnosis.explanation +=
        say(" rustc makes its objects for the target by itself, and links them with the linker that it is "
            "told to take: "
            "without a setting that is `cc`, the build machine's.");
  else if (found.in_crate)
    diagnosis.explanation +=
        say(" An object of a crate that rustc did not make is of C, C++ or assembly: the crate's build "
            "script compiled it "
            "with a compiler for another machine.");
  if (!found.compiler.empty()) {
    diagnosis.explanation += say(" The log shows `{}` making it.", found.compiler);
    evidence.push_back(context.log_line(compile.where));
  }
  if (found.script)
    diagnosis.explanation += say(" It was made by the build script of `{}`.", found.script->package);
  diagnosis.evidence = std::move(evidence);
  if (confidence != Confidence::Certain)
    diagnosis.missing_evidence.push_back(
        {say("which machine the file was made for"),
         fmt::format("readelf -h {} | grep -E 'Class|Machine'", found.path)});
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

void state_abi(Context& context, const std::vector<const log::InputError*>& errors) {
  std::vector<std::string> paths;
  for (const log::InputError* error : errors)
    if (!error->path.empty()) paths.push_back(error->path);
  NameMismatch found;
  found.kind = NameMismatch::Kind::FloatAbi;
  found.wanted = errors.front()->expected;
  found.present = errors.front()->found;
  // "A uses VFP register arguments, B does not": one of the two is the output, the other is the odd one out.
  const std::string& text = errors.front()->where.text;
  const std::string& output = context.facts.failure->output;
  std::size_t uses = text.find(" uses VFP register arguments, "), ends = text.rfind(" does not");
  if (uses != std::string::npos && ends != std::string::npos && ends > uses + 30) {
    std::string with = text.substr(0, uses), without = text.substr(uses + 30, ends - uses - 30);
    if (std::size_t space = with.find_last_of(" :"); space != std::string::npos)
      with = with.substr(space + 1);
    // The line that follows names the input of the two.
    const bool input_is_soft = std::any_of(errors.begin(), errors.end(), [&](const log::InputError* error) {
      return error->where.text.find("failed to merge") != std::string::npos &&
             file_name(error->path) == file_name(without);
    });
    bool output_is_hard = input_is_soft || (!output.empty() && file_name(with) == file_name(output));
    found.where = output_is_hard ? without : with;
    found.wanted = output_is_hard ? "-mfloat-abi=hard" : "-mfloat-abi=softfp";
    paths = {found.where};
  } else {
    found.where = paths.empty() ? "" : paths.front();
    if (const artifact::File* file = opened(context.facts, plain_path(found.where)))
      if (const artifact::Object* object = wrong_object(context.facts, *file, found.where))
        if (std::string option = abi_option_of_others(context.facts, object->machine()); !option.empty())
          found.wanted = option;
  }
  Diagnosis diagnosis = make("LDX0802", Confidence::Certain, {});
  diagnosis.title = paths.empty() ? say("the objects were compiled for different ABIs")
                                  : say("`{}` was compiled for another ABI than the output", paths.front());
  diagnosis.explanation = say(
      "The machine is the same, the calling convention or float ABI is not, and the linker refuses to mix "
      "them. Every "
      "object and library of the link has to be compiled with the same ABI flags (-mfloat-abi, -mabi, -mfpu, "
      "-m32...).");
  for (std::size_t i = 0; i < errors.size() && i < 4; ++i)
    diagnosis.evidence.push_back(context.log_line(errors[i]->where));
  diagnosis.missing_evidence.push_back(
      {say("the ABI that each side was compiled for"),
       paths.empty() ? "readelf -A -h OBJECT" : fmt::format("readelf -A -h {}", plain_path(paths.front()))});
  if (context.facts.log)
    for (const log::Command& command : context.facts.log->commands)
      for (const std::string& argument : command.arguments)
        if (!found.where.empty() && file_name(argument) == file_name(found.where) &&
            command.role == log::Command::Role::Compile) {
          diagnosis.evidence.push_back(context.log_line(command.where));
          break;
        }
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

/// LNK2038: objects carry their settings, and link.exe compares them.
void state_setting(Context& context, const std::vector<const log::InputError*>& errors) {
  const log::InputError& first = *errors.front();
  NameMismatch found;
  found.kind = NameMismatch::Kind::Setting;
  found.where = first.path;
  found.wanted = first.expected;
  found.present = first.found;
  Diagnosis diagnosis = make("LDX0802", Confidence::Certain, {});
  diagnosis.title = say("`{}` was compiled with another `{}` than the rest", first.path, first.subject);
  diagnosis.explanation = say(
      "Objects of Microsoft's compiler carry the settings that all units of a program must share. `{}` says "
      "{} = {}, the other side {}. "
      "Libraries and program have to be compiled with the same choice of run-time library (/MD, /MDd, /MT, "
      "/MTd) and the same configuration.",
      first.path, first.subject, first.found, first.expected);
  for (std::size_t i = 0; i < errors.size() && i < 4; ++i)
    diagnosis.evidence.push_back(context.log_line(errors[i]->where));
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

void state_simple(Context& context, std::string_view code, Confidence confidence,
                  const std::vector<const log::InputError*>& errors, std::string title,
                  std::string explanation, std::vector<MissingEvidence> missing, Finding finding = Nothing{},
                  bool may_guess = true) {
  std::vector<std::string> paths;
  for (const log::InputError* error : errors) paths.push_back(plain_path(error->path));
  Diagnosis diagnosis = make(code, confidence, symbols_explained(context, paths, may_guess));
  diagnosis.title = std::move(title);
  diagnosis.explanation = std::move(explanation);
  for (std::size_t i = 0; i < errors.size() && i < 4; ++i)
    diagnosis.evidence.push_back(context.log_line(errors[i]->where));
  diagnosis.missing_evidence = std::move(missing);
  diagnosis.finding = std::move(finding);
  context.state(std::move(diagnosis));
}

/// The features that the linker quotes as those which the unit was not compiled for.
Finding lacking_features(const Case& facts, const log::InputError& error) {
  FlagMismatch found;
  found.callee = plain_path(error.path);
  found.lacking = isa::FeatureSet(facts.arch);
  const std::string& text = error.where.text;
  for (std::size_t open = text.find('\''); open != std::string::npos;) {
    std::size_t close = text.find('\'', open + 1);
    if (close == std::string::npos) break;
    found.lacking.add(std::string_view(text).substr(open + 1, close - open - 1));
    open = text.find('\'', close + 1);
  }
  if (found.lacking.empty()) return Nothing{};
  return found;
}

/// The object of the file that holds intermediate code: null when all of it is machine code, or cannot be
/// read.
const artifact::Object* intermediate_code(const Case& facts, const std::string& path) {
  if (const artifact::File* file = opened(facts, path))
    for (const auto& object : file->objects())
      if (object->kind() == artifact::Kind::Bitcode || object->kind() == artifact::Kind::GccLto)
        return object.get();
  return nullptr;
}

void state_intermediate_code(Context& context, const std::vector<const log::InputError*>& errors) {
  std::string path = plain_path(errors.front()->path);
  std::vector<std::string> paths;
  for (const log::InputError* error : errors) paths.push_back(plain_path(error->path));
  Diagnosis diagnosis = make("LDX1101", Confidence::Certain, symbols_explained(context, paths, true));
  IntermediateCode found;
  found.path = path;
  const artifact::Object* object = intermediate_code(context.facts, path);
  if (object) found.path = object->label();
  found.llvm = object && object->kind() == artifact::Kind::Bitcode;
  diagnosis.title = say("`{}` holds intermediate code for link-time optimisation", found.path);
  diagnosis.explanation = say(
      "The linker needs the compiler's plugin to read it. Link with the compiler driver of the same family "
      "and "
      "version, and make archives with its own ar and ranlib (gcc-ar, llvm-ar).");
  for (std::size_t i = 0; i < errors.size() && i < 4; ++i)
    diagnosis.evidence.push_back(context.log_line(errors[i]->where));
  if (object) {
    diagnosis.evidence.push_back({"symbol-table", found.path, 0,
                                  found.llvm ? say("holds LLVM's intermediate code (clang -flto)")
                                             : say("holds GCC's intermediate code (gcc -flto)")});
    diagnosis.finding = std::move(found);
  }
  context.state(std::move(diagnosis));
}

/// An object of the link that is empty: linkers pass over it or refuse it, and its symbols are missing.
void state_empty_inputs(Context& context) {
  const Case& facts = context.facts;
  if (!facts.plan || facts.link_directory.empty() || context.open().empty()) return;
  for (const link::Input& input : facts.plan->inputs) {
    if (input.is_library || !(input.name.ends_with(".o") || input.name.ends_with(".obj"))) continue;
    std::filesystem::path path = std::filesystem::path(facts.link_directory) / input.name;
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error) || std::filesystem::file_size(path, error) != 0 ||
        error)
      continue;
    std::vector<std::string> names;
    std::vector<Evidence> sources;
    std::string_view stem = file_name(input.name);
    stem = stem.substr(0, stem.find('.'));
    for (const SymbolFacts* symbol : context.open()) {
      // An older object of that name, in an archive, has the symbol; or the source of that name has.
      const link::Undefined* located = context.located(symbol->name);
      if (located && !located->nearest.empty() && located->nearest.front().name == located->name) {
        const artifact::Object* object = located->nearest.front().object;
        std::string_view name =
            object ? file_name(object->member().empty() ? located->nearest.front().where : object->member())
                   : std::string_view();
        if (!name.empty() && name.substr(0, name.find('.')) == stem) {
          names.push_back(symbol->name);
          sources.push_back({"symbol-table", located->nearest.front().where, 0,
                             say("an object of that name defines `{}`", symbol->name)});
          continue;
        }
      }
      for (const SourceDefinition& definition : find_definitions(facts, symbol->linker_name)) {
        std::string_view source = file_name(definition.path);
        if (source.substr(0, source.rfind('.')) != stem) continue;
        names.push_back(symbol->name);
        sources.push_back({"source", definition.path, definition.line, definition.text});
        break;
      }
    }
    bool shown = !names.empty();
    if (!shown)
      for (const SymbolFacts* symbol : context.open()) names.push_back(symbol->name);
    Diagnosis diagnosis = make("LDX1502", shown ? Confidence::Certain : Confidence::Likely, names);
    diagnosis.title = say("`{}` is empty", input.name);
    diagnosis.explanation =
        names.size() == 1
            ? say("The link takes `{}`, and the file has no bytes, so `{}` is missing.", input.name,
                  names.front())
            : say("The link takes `{}`, and the file has no bytes, so its symbols are missing.", input.name);
    diagnosis.explanation +=
        say(" An interrupted compile or a full disk leaves such a file, and the build takes it for one that "
            "is up to date.");
    diagnosis.evidence.push_back({"file", path.string(), 0, say("0 bytes")});
    for (std::size_t i = 0; i < sources.size() && i < 3; ++i) diagnosis.evidence.push_back(sources[i]);
    diagnosis.evidence.push_back(context.log_line(names.front()));
    if (!shown)
      diagnosis.missing_evidence.push_back(
          {say("the source that it is made from"), fmt::format("grep -rnw {} SOURCES", names.front())});
    diagnosis.finding = ObjectToRemake{input.name, false};
    context.state(std::move(diagnosis));
  }
}

bool is_empty_file(const Case& facts, const std::string& path) {
  for (const std::string& base : {std::string(), facts.link_directory, std::string(".")}) {
    std::filesystem::path file =
        base.empty() ? std::filesystem::path(path) : std::filesystem::path(base) / path;
    std::error_code error;
    if (std::filesystem::is_regular_file(file, error))
      return std::filesystem::file_size(file, error) == 0 && !error;
  }
  return false;
}

/// `ar` archives that another toolchain wrote show their magic in Apple's message; `!<thin>` is the one seen.
bool is_thin_archive_message(const log::InputError& error) {
  return error.where.text.find("0x21 0x3C 0x74 0x68 0x69 0x6E") != std::string::npos;
}

}  // namespace

void rule_unusable_inputs(Context& context) {
  if (!context.facts.failure) return;
  state_empty_inputs(context);
  std::vector<const log::InputError*> machine, abi, malformed, newer, plugin, features, other, unindexed;
  std::map<std::string, bool> missing_libraries;
  for (const log::InputError& error : context.facts.failure->inputs)
    if (error.kind == InputKind::LibraryNotFound) missing_libraries[error.subject] = true;
  for (const log::InputError& error : context.facts.failure->inputs) switch (error.kind) {
      case InputKind::Incompatible:
      case InputKind::WrongFormat:
        if (intermediate_code(context.facts, plain_path(error.path))) {
          plugin.push_back(&error);
          break;
        }
        (is_thin_archive_message(error)                         ? other
         : is_empty_file(context.facts, plain_path(error.path)) ? malformed
                                                                : machine)
            .push_back(&error);
        break;
      // Linkers pass over incompatible libraries and often find the right one next: it matters only if they
      // did not.
      case InputKind::SkippedIncompatible:
        if (missing_libraries.contains(error.subject) ||
            missing_libraries.contains(library_of_path(error.path)) || !context.open().empty())
          machine.push_back(&error);
        break;
      case InputKind::AbiMismatch:
        abi.push_back(&error);
        break;
      case InputKind::NoArchiveIndex:
        unindexed.push_back(&error);
        break;
      case InputKind::Malformed:
        // GNU ld's end of another error about the same file.
        if (error.subject == "Bad value" && is_consequence(*context.facts.failure)) break;
        malformed.push_back(&error);
        break;
      case InputKind::TooNew:
        newer.push_back(&error);
        break;
      case InputKind::NeedsPlugin:
        plugin.push_back(&error);
        break;
      case InputKind::FeatureMismatch:
        features.push_back(&error);
        break;
      default:
        break;
    }
  // "failed to merge target specific data" follows on the same file: nothing is merged of another machine's.
  std::erase_if(abi, [&](const log::InputError* error) {
    return std::any_of(machine.begin(), machine.end(), [&](const log::InputError* other) {
      return plain_path(other->path) == plain_path(error->path);
    });
  });
  // Nor where the linker could not read what there is to merge; that line has the name of the file.
  std::string unread;
  std::erase_if(abi, [&](const log::InputError* error) {
    const bool follows =
        !newer.empty() && error->where.text.find("failed to merge target specific data") != std::string::npos;
    if (follows && unread.empty()) unread = error->path;
    return follows;
  });
  if (!abi.empty() && (abi.front()->where.text.find("LNK2038") != std::string::npos ||
                       abi.front()->where.text.find("/failifmismatch") != std::string::npos))
    state_setting(context, abi);
  else if (!abi.empty())
    state_abi(context, abi);
  if (!plugin.empty()) state_intermediate_code(context, plugin);
  if (!features.empty())
    state_simple(
        context, "LDX0503", Confidence::Certain, features,
        features.front()->path.empty()
            ? say("the feature {} is used in one unit and not allowed by another", features.front()->subject)
            : say("`{}` was compiled without features that the link asks for", features.front()->path),
        say("All units of the program have to be compiled for the features that the link turns on; the "
            "linker "
            "names "
            "the unit and the features."),
        {}, lacking_features(context.facts, *features.front()), false);
  if (!other.empty())
    state_simple(
        context, "LDX1502", Confidence::Certain, other,
        say("`{}` is a thin archive, which this linker cannot read", other.front()->path),
        say("The bytes that the linker prints spell `!<thin>`: the archive holds only the paths of its "
            "members. "
            "It was "
            "made by the ar of another toolchain (GNU or LLVM `ar T`). Make it with the target's own ar."),
        {});
  if (!newer.empty()) {
    const log::InputError& first = *newer.front();
    const std::string& text = first.where.text;
    const std::string what = text.find("relocation") != std::string::npos ? say("relocation")
                             : text.find("ISA") != std::string::npos      ? say("architecture string")
                                                                          : say("section type");
    const std::string& path = first.path.empty() ? unread : first.path;
    // RISC-V's architecture strings are long.
    const std::string subject = first.subject.empty()       ? say("(empty)")
                                : first.subject.size() > 32 ? first.subject.substr(0, 32) + "..."
                                                            : first.subject;
    state_simple(
        context, "LDX0204", Confidence::Likely, newer,
        path.empty() ? say("the linker does not know the {} {} of its input", what, subject)
                     : say("the linker does not know the {} {} in `{}`", what, subject, path),
        say("The compiler and assembler that made the file, or the C library it comes from, are newer than "
            "this linker, which cannot make sense of what they wrote. A damaged file looks alike."),
        {{say("the version of the linker"), "ld --version"},
         {say("what made the file"),
          fmt::format("readelf -p .comment {}", path.empty() ? "FILE" : plain_path(path))}},
        OtherRelease{OtherRelease::Tool::Linker, "", "", "", false});
  }
  if (!malformed.empty())
    state_simple(
        context, "LDX1502",
        is_empty_file(context.facts, plain_path(malformed.front()->path)) ? Confidence::Certain
                                                                          : Confidence::Likely,
        malformed, say("the linker could not read `{}`", malformed.front()->path),
        say("The file is empty, cut off or damaged. Two build steps that write the same file in a parallel "
            "build, a full "
            "disk, or an interrupted compile leave such files; the first of these comes and goes. Delete it "
            "and "
            "build "
            "again; if it returns, look for two rules that make it."),
        {{say("what the file holds"),
          fmt::format("ls -l {0} && file {0}", plain_path(malformed.front()->path))}},
        ObjectToRemake{malformed.front()->path, false});
  if (!unindexed.empty())
    state_simple(context, "LDX1502", Confidence::Certain, unindexed,
                 say("`{}` has no index of its symbols", unindexed.front()->path),
                 say("GNU ld looks up in an archive's index which member defines a symbol. This archive was "
                     "made without "
                     "(ar's `S`), changed by a tool that does not keep it, or holds objects that the ar that "
                     "made it does "
                     "not know."),
                 {}, ObjectToRemake{unindexed.front()->path, false, true});
  if (!machine.empty()) state_wrong_machine(context, machine);
}

}  // namespace linkdx::diagnose
