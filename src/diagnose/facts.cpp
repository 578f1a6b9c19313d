#include "facts.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "rule.hpp"

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

}  // namespace linkdx::diagnose
