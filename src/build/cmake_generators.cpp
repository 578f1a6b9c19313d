// Compile commands out of what CMake's generators write, for trees without compile_commands.json.
//
// Makefiles: CMakeFiles/TARGET.dir/build.make holds, for each object, the rule's commands, in which
// $(C_FLAGS) and its like stand for the lines of the flags.make beside it. link.txt holds the link command of
// the target. Ninja: build.ninja holds the edges, CMakeFiles/rules.ninja the rules (ninja_files.cpp reads
// both). Sources: cmMakefileTargetGenerator.cxx and cmNinjaTargetGenerator.cxx of CMake.
#include <map>

#include <fmt/format.h>

#include "cmake_files.hpp"
#include "commands.hpp"
#include "files.hpp"
#include "linkdx/log.hpp"
#include "ninja_files.hpp"

namespace linkdx::build {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

std::string_view trim(std::string_view text) {
  std::size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos) return "";
  return text.substr(start, text.find_last_not_of(" \t") + 1 - start);
}

// `NAME = VALUE`
bool read_variable(std::string_view line, std::string& name, std::string& value) {
  std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return false;
  name = std::string(trim(line.substr(0, equals)));
  value = std::string(trim(line.substr(equals + 1)));
  return !name.empty() && name.find_first_of(" \t:#") == std::string::npos;
}

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// make's `$(NAME)` and `${NAME}`, replaced once; unknown names become nothing, `$$` a dollar.
std::string expand(std::string_view text, const Variables& variables) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$' || i + 1 == text.size()) {
      result += text[i];
      continue;
    }
    char next = text[i + 1];
    std::size_t start = i + 2, end = start;
    if (next == '(' || next == '{') {
      end = text.find(next == '(' ? ')' : '}', start);
      if (end == std::string_view::npos) return result;
      i = end;
    } else if (is_name_byte(next)) {
      start = i + 1;
      for (end = start; end < text.size() && is_name_byte(text[end]); ++end) {
      }
      i = end - 1;
    } else {  // `$$`
      result += next;
      ++i;
      continue;
    }
    if (auto found = variables.find(text.substr(start, end - start)); found != variables.end())
      result += found->second;
  }
  return result;
}

std::optional<Compile> compile_of(std::string_view command, std::uint64_t line, const std::string& path) {
  Compile compile;
  // `cd /dir && cc ...` where sources lie in subdirectories
  if (command.starts_with("cd ")) {
    std::size_t and_then = command.find(" && ");
    if (and_then == std::string_view::npos) return std::nullopt;
    std::vector<std::string> change = log::split_command(command.substr(0, and_then));
    if (change.size() == 2) compile.directory = change[1];
    command.remove_prefix(and_then + 4);
  }
  compile.arguments = log::split_command(command);
  if (!is_compile(compile.arguments)) return std::nullopt;
  read_files(compile);
  compile.where = {line, std::string(command)};
  compile.path = path;
  return compile;
}

bool makes_object(const Compile& compile) {
  return compile.object.ends_with(".o") || compile.object.ends_with(".obj");
}

}  // namespace

std::vector<Compile> read_build_make(std::string_view build_make, std::string_view flags_make,
                                     const std::string& path) {
  Variables variables;
  Lines flags(flags_make);
  for (std::string_view line; flags.next(line);) {
    std::string name, value;
    if (!line.starts_with('#') && read_variable(line, name, value))
      variables.emplace(std::move(name), std::move(value));
  }
  std::vector<Compile> compiles;
  Lines lines(build_make);
  for (std::string_view line; lines.next(line);) {
    if (!line.starts_with('\t') || line.starts_with("\t@")) continue;
    std::optional<Compile> compile = compile_of(expand(line.substr(1), variables), lines.number(), path);
    if (compile && makes_object(*compile))
      compiles.push_back(std::move(*compile));  // not the .i and .s helpers
  }
  return compiles;
}

std::vector<Compile> read_link_txt(std::string_view text, const std::string& path) {
  std::vector<Compile> links;
  Lines lines(text);
  for (std::string_view line; lines.next(line);) {
    Compile link;
    link.arguments = log::split_command(line);
    if (link.arguments.empty()) continue;
    read_files(link);
    link.where = {lines.number(), std::string(line)};
    link.path = path;
    links.push_back(std::move(link));
  }
  return links;
}

std::vector<Compile> read_build_ninja(std::string_view build_ninja, std::string_view rules_ninja,
                                      const std::string& path) {
  return read_ninja(build_ninja, rules_ninja, path).compiles;
}

}  // namespace linkdx::build
