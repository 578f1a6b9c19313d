// A directory in which autoconf or meson configured a build: their logs, options and results together.
#include "configured_files.hpp"
#include "files.hpp"

namespace linkdx::build {

bool is_configured(const std::string& directory) {
  return is_file(join(directory, "config.log")) || is_file(join(directory, "meson-logs/meson-log.txt"));
}

std::vector<ConfiguredTree> read_configured_trees(const std::string& directory, std::vector<Skipped>& problems) {
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
    trees.push_back(std::move(tree));
  }
  return trees;
}

}  // namespace linkdx::build
