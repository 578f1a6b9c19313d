// A CMake binary directory: where each file lies in it, and how they complete each other.
//
// A language counts as enabled when CMakeFiles/VERSION/CMakeLANGCompiler.cmake names a compiler. That file is
// what CMake itself reads to know it on the next run.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cmake_files.hpp"
#include "files.hpp"
#include "json.hpp"
#include "linkdx/language.hpp"

namespace linkdx::build {
namespace {

constexpr std::size_t small_file = 1 << 20;
constexpr int most_depth = 12;
constexpr std::size_t most_targets = 20'000;

// `set(CMAKE_ASM_NASM_COMPILER "/usr/bin/nasm")`
bool names_compiler(std::string_view text, const std::string& language) {
  std::string start = "set(CMAKE_" + language + "_COMPILER \"";
  Lines lines(text);
  for (std::string_view line; lines.next(line);) {
    if (!line.starts_with(start)) continue;
    std::string_view value = line.substr(start.size());
    value = value.substr(0, value.find('"'));
    return !value.empty() && !value.ends_with("NOTFOUND");
  }
  return false;
}

std::vector<std::string> enabled_languages(const std::string& cmake_files, std::vector<Skipped>& problems) {
  constexpr std::string_view start = "CMake", end = "Compiler.cmake";
  std::set<std::string> languages;
  for (const Entry& version : list(cmake_files, problems)) {
    if (!version.directory || version.name.empty() || version.name[0] < '0' || version.name[0] > '9')
      continue;
    std::string directory = join(cmake_files, version.name);
    for (const Entry& file : list(directory, problems)) {
      if (file.directory || !file.name.starts_with(start) || !file.name.ends_with(end) ||
          file.name.size() <= start.size() + end.size())
        continue;
      std::string language = file.name.substr(start.size(), file.name.size() - start.size() - end.size());
      std::optional<std::string> text = read_text(join(directory, file.name), problems, small_file);
      if (text && names_compiler(*text, language)) languages.insert(language);
    }
  }
  return {languages.begin(), languages.end()};
}

// The TARGET.dir directories: CMakeFiles in the top and in each subdirectory of the binary directory.
void find_targets(const std::string& directory, int depth, std::vector<std::string>& found,
                  std::vector<Skipped>& problems) {
  if (depth > most_depth || found.size() >= most_targets) return;
  for (const Entry& entry : list(directory, problems)) {
    if (!entry.directory || entry.link) continue;
    std::string path = join(directory, entry.name);
    if (entry.name != "CMakeFiles") {
      if (entry.name.front() != '.' && !is_file(join(path, "CMakeCache.txt")))
        find_targets(path, depth + 1, found, problems);
      continue;
    }
    for (const Entry& target : list(path, problems))
      if (target.directory && target.name.ends_with(".dir")) found.push_back(join(path, target.name));
  }
}

void append(std::vector<Compile>& to, std::vector<Compile> from, const std::string& directory) {
  for (Compile& compile : from) {
    if (compile.directory.empty()) compile.directory = directory;
    to.push_back(std::move(compile));
  }
}

void read_generated(CMakeTree& tree, bool commands_known, std::vector<Skipped>& problems) {
  std::string ninja = join(tree.directory, "build.ninja");
  if (is_file(ninja)) {
    if (commands_known) return;
    std::optional<std::string> build = read_text(ninja, problems);
    std::optional<std::string> rules = read_text(join(tree.directory, "CMakeFiles/rules.ninja"), problems);
    if (build && rules) append(tree.commands, read_build_ninja(*build, *rules, ninja), tree.directory);
    return;
  }
  std::vector<std::string> targets;
  find_targets(tree.directory, 0, targets, problems);
  if (targets.size() >= most_targets)
    problems.push_back(
        {tree.directory, say("has more than {} targets; the rest was not read", most_targets)});
  for (const std::string& target : targets) {
    std::string place = parent(parent(target));  // where its commands run, unless they say `cd`
    std::string make = join(target, "build.make"), link = join(target, "link.txt");
    if (!commands_known) {
      std::optional<std::string> build = read_if_there(make, problems);
      std::optional<std::string> flags = read_if_there(join(target, "flags.make"), problems);
      if (build) append(tree.commands, read_build_make(*build, flags.value_or(""), make), place);
    }
    if (std::optional<std::string> text = read_if_there(link, problems))
      append(tree.links, read_link_txt(*text, link), place);
  }
}

}  // namespace

CMakeTree read_cmake_tree(const std::string& directory, std::vector<Skipped>& problems) {
  CMakeTree tree;
  tree.directory = directory;
  std::string cache = join(directory, "CMakeCache.txt");
  if (std::optional<std::string> text = read_if_there(cache, problems))
    tree.cache = read_cmake_cache(*text, cache);
  for (const Setting& setting : tree.cache)
    if (setting.key == "CMAKE_HOME_DIRECTORY") tree.source_directory = setting.value;
  std::string cmake_files = join(directory, "CMakeFiles");
  if (is_directory(cmake_files)) {
    tree.languages = enabled_languages(cmake_files, problems);
    for (const char* name : {"CMakeError.log", "CMakeOutput.log"}) {
      std::string path = join(cmake_files, name);
      if (std::optional<std::string> text = read_if_there(path, problems))
        for (Check& check : read_cmake_log(*text, path)) tree.checks.push_back(std::move(check));
    }
    std::string log = join(cmake_files, "CMakeConfigureLog.yaml");
    if (std::optional<std::string> text = read_if_there(log, problems))
      for (Check& check : read_cmake_configure_log(*text, log, problems))
        tree.checks.push_back(std::move(check));
  }
  std::string commands = join(directory, "compile_commands.json");
  std::optional<std::string> text = read_if_there(commands, problems);
  if (text) tree.commands = read_compile_commands(*text, commands, problems);
  read_generated(tree, text.has_value(), problems);
  return tree;
}

}  // namespace linkdx::build
