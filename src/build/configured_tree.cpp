// A directory in which autoconf or meson configured a build: their logs, options and results together.
#include "bazel_files.hpp"
#include "configured_files.hpp"
#include "files.hpp"
#include "ninja_files.hpp"

namespace linkdx::build {

namespace {

/// build.ninja of meson, GN and others. CMake's belongs to its own tree.
bool has_plain_ninja(const std::string& directory) {
  return is_file(join(directory, "build.ninja")) && !is_file(join(directory, "CMakeCache.txt"));
}

/// Where a compile_commands.json is, the compiles are known from there.
void read_ninja_files(ConfiguredTree& tree, std::vector<Skipped>& problems) {
  std::string path = join(tree.directory, "build.ninja");
  std::optional<std::string> text = read_if_there(path, problems);
  if (!text) return;
  constexpr std::size_t most_included = 16;
  std::string rules;
  NinjaBuild build = read_ninja(*text, "", path);
  for (std::size_t i = 0; i < build.included.size() && i < most_included; ++i)
    if (std::optional<std::string> more =
            read_if_there(absolute(join(tree.directory, build.included[i])), problems))
      rules += *more + "\n";
  if (!rules.empty()) build = read_ninja(*text, rules, path);
  if (std::optional<std::string> log = read_if_there(join(tree.directory, ".ninja_log"), problems))
    mark_made(build.compiles, read_ninja_log(*log));
  for (std::vector<Compile>* edges : {&build.compiles, &build.links})
    for (Compile& edge : *edges)
      if (edge.directory.empty()) edge.directory = tree.directory;
  if (!is_file(join(tree.directory, "compile_commands.json"))) tree.commands = std::move(build.compiles);
  tree.links = std::move(build.links);
}

}  // namespace

bool is_configured(const std::string& directory) {
  return is_file(join(directory, "config.log")) || is_file(join(directory, "meson-logs/meson-log.txt")) ||
         has_plain_ninja(directory) || is_bazel_workspace(directory);
}

std::vector<ConfiguredTree> read_configured_trees(const std::string& directory,
                                                  std::vector<Skipped>& problems) {
  std::vector<ConfiguredTree> trees;
  std::string config = join(directory, "config.log");
  if (std::optional<std::string> text = read_if_there(config, problems)) {
    ConfiguredTree tree;
    tree.directory = directory;
    if (read_config_log(*text, config, tree)) {
      if (tree.source_directory.empty() || tree.source_directory == ".") tree.source_directory = directory;
      if (!tree.source_directory.starts_with("/"))
        tree.source_directory = absolute(join(directory, tree.source_directory));
      trees.push_back(std::move(tree));
    }
  }
  std::string meson = join(directory, "meson-logs/meson-log.txt");
  if (std::optional<std::string> text = read_if_there(meson, problems)) {
    ConfiguredTree tree;
    tree.directory = directory;
    read_meson_log(*text, meson, tree);
    std::string options = join(directory, "meson-info/intro-buildoptions.json");
    if (std::optional<std::string> json = read_if_there(options, problems))
      read_meson_options(*json, options, tree, problems);
    read_ninja_files(tree, problems);
    trees.push_back(std::move(tree));
  } else if (has_plain_ninja(directory)) {
    ConfiguredTree tree;
    tree.system = "ninja";
    tree.directory = directory;
    read_ninja_files(tree, problems);
    trees.push_back(std::move(tree));
  }
  if (is_bazel_workspace(directory)) trees.push_back(read_bazel_tree(directory, problems));
  return trees;
}

}  // namespace linkdx::build
