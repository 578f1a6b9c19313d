#include "facts.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "rule.hpp"
#include "sources.hpp"

namespace linkdx::diagnose {

namespace fs = std::filesystem;

std::vector<FailedCompile> failed_compiles(const Case& facts) {
  std::vector<FailedCompile> failed;
  if (!facts.build) return failed;
  for (const build::CargoTree& tree : facts.build->cargo)
    for (const build::BuildScriptRun& script : tree.scripts)
      for (const build::Compile& compile : script.compiles) {
        if (compile.result != build::Compile::Result::Failed) continue;
        FailedCompile item;
        item.script = &script;
        item.compile = &compile;
        isa::Arch arch = script.target.empty() ? facts.arch : isa::arch_of_triple(script.target);
        item.features = isa::features_of_flags(compile.arguments, arch).features.minus(isa::baseline(arch));
        std::string words;
        for (const Excerpt& message : compile.messages) words += message.text + "\n";
        item.messages = log::read(compile.path, words).messages;
        failed.push_back(std::move(item));
      }
  return failed;
}

std::string source_path(const FailedCompile& failed) {
  const build::Compile& compile = *failed.compile;
  if (compile.source.empty()) return {};
  for (const std::string& base :
       {compile.directory, failed.script ? failed.script->source_directory : std::string()}) {
    fs::path path = base.empty() ? fs::path(compile.source) : fs::path(base) / compile.source;
    std::error_code error;
    if (fs::is_regular_file(path, error)) return path.lexically_normal().string();
  }
  return {};
}

std::uint64_t line_naming(const std::string& path, std::string_view word) {
  constexpr std::uint64_t most_lines = 200'000;
  if (path.empty() || word.empty()) return 0;
  std::ifstream file(path);
  std::string line;
  auto part_of_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  for (std::uint64_t number = 1; number <= most_lines && std::getline(file, line); ++number)
    for (std::size_t at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
      bool starts = at == 0 || !part_of_name(line[at - 1]);
      bool ends = at + word.size() >= line.size() || !part_of_name(line[at + word.size()]);
      if (starts && ends) return number;
    }
  return 0;
}

bool concerns(const FailedCompile& failed, std::string_view symbol) {
  if (line_naming(source_path(failed), bare_name(symbol))) return true;
  isa::Arch arch = failed.features.arch();
  std::optional<isa::NameHint> hint = isa::from_name(bare_name(symbol), arch);
  if (!hint) return false;
  for (const std::string& feature : hint->features.names())
    if (failed.features.has(feature)) return true;
  return !hint->token.empty() &&
         file_name(failed.compile->source).find(hint->token) != std::string_view::npos;
}

std::vector<const log::ToolMessage*> messages_of(const Case& facts, log::ToolMessage::Kind kind) {
  std::vector<const log::ToolMessage*> found;
  if (facts.log)
    for (const log::ToolMessage& message : facts.log->messages)
      if (message.kind == kind) found.push_back(&message);
  return found;
}

bool contains_any(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool links_for_msvc(const Case& facts) {
  return facts.failure &&
         (facts.failure->linker == log::Linker::MsvcLink || facts.failure->linker == log::Linker::LldLink);
}

bool is_against_section(const log::SymbolError& error) {
  if (error.kind != log::SymbolError::Kind::Relocation ||
      error.where.text.find("discarded") != std::string::npos)
    return false;
  if (error.name == "a local symbol") return true;
  for (std::string_view section :
       {".text", ".data", ".rodata", ".bss", ".tdata", ".tbss", ".init_array", ".fini_array", ".ctors",
        ".dtors", ".eh_frame", ".gcc_except_table", ".debug_", ".got", ".L"})
    if (error.name.starts_with(section)) return true;
  return false;
}

bool names_symbol(const log::ToolMessage& message) {
  using Kind = log::ToolMessage::Kind;
  return (message.kind == Kind::TargetOptionMismatch || message.kind == Kind::UndefinedInAssembly) &&
         !message.subject.empty();
}

bool explains_stop(const log::ToolMessage& message) {
  using Kind = log::ToolMessage::Kind;
  switch (message.kind) {
    case Kind::BadFlagValue:
    case Kind::UnknownFlag:
    case Kind::UnknownInstruction:
    case Kind::TargetOptionMismatch:
    case Kind::ToolMissing:
    case Kind::UndefinedInAssembly:
    case Kind::MissingBody:
      return true;
    case Kind::CompileError:
    case Kind::HeaderMissing:
    case Kind::ImplicitDeclaration:
      return message.error;
    default:
      return false;
  }
}

std::string library_of_path(std::string_view path) {
  std::string_view name = file_name(path);
  if (!name.starts_with("lib")) return {};
  for (std::string_view suffix : {".so", ".a", ".dylib", ".dll.a"}) {
    std::size_t at = name.find(suffix);
    if (at != std::string_view::npos && at > 3) return std::string(name.substr(3, at - 3));
  }
  return {};
}

std::vector<NamedLibrary> libraries_on(const log::Command& command) {
  std::vector<NamedLibrary> libraries;
  bool is_static = false;
  for (std::size_t i = 1; i < command.arguments.size(); ++i) {
    std::string_view word = command.arguments[i];
    if (word == "-static" || word == "-Wl,-Bstatic" || word == "-Bstatic") is_static = true;
    if (word == "-Wl,-Bdynamic" || word == "-Bdynamic") is_static = false;
    if (word.starts_with("-l") && word.size() > 2)
      libraries.push_back({std::string(word.substr(2)), i, is_static});
    else if (word == "-pthread")
      libraries.push_back({"pthread", i, is_static});
    else if (std::string name = library_of_path(word); !name.empty() && !word.starts_with("-"))
      libraries.push_back({name, i, word.ends_with(".a")});
  }
  return libraries;
}

std::size_t last_object_position(const log::Command& command) {
  std::size_t last = 0;
  for (std::size_t i = 1; i < command.arguments.size(); ++i) {
    std::string_view word = command.arguments[i];
    if (word.starts_with("-") || command.arguments[i - 1] == "-o") continue;
    for (std::string_view suffix : {".o", ".obj", ".a", ".lo", ".rlib"})
      if (word.ends_with(suffix)) last = i;
  }
  return last;
}

bool is_cargo_build(const Case& facts) {
  if (facts.build && !facts.build->cargo.empty()) return true;
  if (!facts.failure || !facts.failure->command) return false;
  for (const std::string& word : facts.failure->command->arguments)
    if (word.ends_with(".rlib") || word.ends_with(".rcgu.o") || word.find("/rustlib/") != std::string::npos)
      return true;
  return false;
}

std::string shown_path(const std::string& path) {
  if (!path.starts_with("/")) return path;
  static const std::string here = [] {
    std::error_code error;
    return fs::current_path(error).string() + "/";
  }();
  return path.starts_with(here) && here.size() > 1 ? path.substr(here.size()) : path;
}

isa::FeatureSet named_features(const std::vector<std::string>& arguments, isa::Arch arch) {
  isa::FeatureSet named(arch);
  for (const std::string& argument : arguments)
    if (argument.starts_with("-m") && argument.find('=') == std::string::npos) named.add(argument.substr(2));
  return named;
}

std::vector<std::string> referrers_of(const SymbolFacts& symbol) {
  std::vector<std::string> objects;
  std::set<std::string> seen;
  for (const SymbolFacts::ReferencedBy& reference : symbol.referenced_by)
    if (!reference.object.empty() && seen.insert(reference.object).second)
      objects.push_back(reference.object);
  return objects;
}

namespace {

constexpr std::size_t cargo_hash_size = 16;

bool is_cargo_hash(std::string_view text) {
  return text.size() == cargo_hash_size &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// `rows-72d5fa013b0e09e5` of .../build/rows-72d5fa013b0e09e5/out/librows.a and of
/// .../deps/librows-72d5fa013b0e09e5.rlib: what cargo calls one package in one configuration. Empty: no file
/// of cargo's.
std::string_view cargo_unit(std::string_view path) {
  for (std::size_t start = 0; start < path.size();) {
    std::size_t end = std::min(path.find('/', start), path.size());
    std::string_view part = path.substr(start, end - start);
    part = part.substr(0, part.find('.'));
    if (part.starts_with("lib")) part.remove_prefix(3);
    std::size_t dash = part.rfind('-');
    if (dash != std::string_view::npos && dash > 0 && is_cargo_hash(part.substr(dash + 1))) return part;
    start = end + 1;
  }
  return {};
}

/// The text names the unit's package under another hash, and not under its own. The run of a build script has
/// a hash of its own, so what lies in build/ is compared with what lies there, and deps/ with deps/.
bool names_another(std::string_view text, std::string_view unit, bool of_build_script) {
  if (text.find(unit) != std::string_view::npos) return false;
  std::string_view package = unit.substr(0, unit.size() - cargo_hash_size);
  for (std::size_t at = text.find(package); at != std::string_view::npos; at = text.find(package, at + 1)) {
    std::string_view before = text.substr(0, at);
    bool starts =
        of_build_script ? before.ends_with("/build/") : before.ends_with("/deps/") || before.ends_with("lib");
    if (starts && is_cargo_hash(text.substr(at + package.size(), cargo_hash_size))) return true;
  }
  return false;
}

}  // namespace

namespace {

/// A file in a build script's output directory that is older than the script's last run and that the run does
/// not speak of: cargo does not empty the directory. Source: cargo touches `invoked.timestamp` before each
/// run.
bool is_of_earlier_run(std::string_view path) {
  std::size_t out = path.find("/out/");
  if (out == std::string_view::npos || path.find("/build/") == std::string_view::npos) return false;
  fs::path unit(path.substr(0, out)), file(path.substr(0, path.find('(')));
  std::error_code error;
  fs::file_time_type run = fs::last_write_time(unit / "invoked.timestamp", error);
  if (error) return false;
  fs::file_time_type made = fs::last_write_time(file, error);
  if (error || made >= run) return false;
  std::string stem = file.filename().string();
  stem = stem.substr(0, stem.find('.'));
  if (stem.starts_with("lib")) stem.erase(0, 3);
  return read_source((unit / "output").string()).find(stem) == std::string::npos;
}

}  // namespace

bool is_of_another_build(const Case& facts, std::string_view path) {
  if (!facts.failure || !facts.failure->command) return false;
  std::string_view unit = cargo_unit(path);
  if (unit.empty()) return false;
  if (is_of_earlier_run(path)) return true;
  bool of_build_script = path.find("/build/" + std::string(unit)) != std::string_view::npos;
  bool another = false;
  for (const std::string& word : facts.failure->command->arguments) {
    if (word.find(unit) != std::string::npos) return false;
    another = another || names_another(word, unit, of_build_script);
  }
  return another;
}

}  // namespace linkdx::diagnose
