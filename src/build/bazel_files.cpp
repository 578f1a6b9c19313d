// A bazel workspace, and what bazel keeps of its last build.
//
// Beside WORKSPACE or MODULE.bazel bazel sets links: `bazel-out` leads to
// OUTPUT_BASE/execroot/NAME/bazel-out, and in OUTPUT_BASE lies `command.log`, all that the last command
// printed. With `-s` (or `--subcommands`), and for an action that failed with `--verbose_failures`, that has
// the commands:
//
//   SUBCOMMAND: # //rows:kernels [action 'Compiling rows/sum_avx2.c', configuration: ...]
//   (cd /home/me/.cache/bazel/_bazel_me/1234/execroot/__main__ && ...
//     exec env -
//       PATH=/bin:/usr/bin
//     /usr/bin/gcc -U_FORTIFY_SOURCE ... -mavx2 -c rows/sum_avx2.c -o bazel-out/.../sum_avx2.pic.o)
//
// A link takes its arguments from a file `NAME-2.params`, one a line. Options stand in .bazelrc: `build
// --copt=-march=native` holds for every build, `build:fast --copt=...` for those with `--config=fast`.
// Source: bazel.build, "Output directory layout", "Write bazelrc configuration files", "Commands and
// options"; bazel 4.2.
#include "bazel_files.hpp"

#include <algorithm>
#include <filesystem>

#include "commands.hpp"
#include "files.hpp"
#include "linkdx/log.hpp"

namespace linkdx::build {
namespace {

constexpr int most_depth = 12;
constexpr std::size_t most_params = 2'000;
constexpr std::size_t small_file = std::size_t{1} << 20;
constexpr std::size_t most_options = 10'000;

void find_params(const std::string& directory, int depth, std::vector<std::string>& found,
                 std::size_t& visited, std::vector<Skipped>& problems) {
  if (depth > most_depth || found.size() >= most_params || ++visited > 20'000) return;
  for (const Entry& entry : list(directory, problems)) {
    std::string path = join(directory, entry.name);
    if (entry.directory && !entry.link && entry.name != "_objs" && !entry.name.ends_with(".runfiles"))
      find_params(path, depth + 1, found, visited, problems);
    else if (!entry.directory && entry.name.ends_with("-2.params"))
      found.push_back(path);
  }
}

}  // namespace

std::vector<Setting> read_bazelrc(std::string_view text, const std::string& path) {
  std::vector<Setting> settings;
  Lines lines(text);
  for (std::string_view line; lines.next(line);) {
    std::vector<std::string> words = log::split_command(line.substr(0, line.find('#')));
    if (words.size() < 2 || words[0].starts_with("import") || words[0].starts_with("try-import")) continue;
    for (std::size_t i = 1; i < words.size() && settings.size() < most_options; ++i) {
      if (!words[i].starts_with("--")) continue;
      std::size_t equals = words[i].find('=');
      Setting setting;
      setting.key = words[i].substr(0, equals);
      if (equals != std::string::npos)
        setting.value = words[i].substr(equals + 1);
      else if (i + 1 < words.size() && !words[i + 1].starts_with("--"))
        setting.value = words[i + 1];
      setting.type = "BAZELRC";
      setting.where = {lines.number(), std::string(line)};
      setting.path = path;
      settings.push_back(std::move(setting));
    }
  }
  return settings;
}

std::optional<Compile> read_link_params(std::string_view text, const std::string& path) {
  Compile link;
  Lines lines(text);
  for (std::string_view line; lines.next(line);)
    if (!line.empty()) link.arguments.emplace_back(line);
  // The file has no program in front: bazel names it on the command line.
  for (std::size_t i = 0; i + 1 < link.arguments.size(); ++i)
    if (link.arguments[i] == "-o") link.object = link.arguments[i + 1];
  bool inputs = std::any_of(link.arguments.begin(), link.arguments.end(), [](const std::string& word) {
    return word.ends_with(".o") || word.ends_with(".a") || word.ends_with(".lo");
  });
  if (link.object.empty() || !inputs) return std::nullopt;
  link.where = {1, "-o " + link.object};
  link.path = path;
  return link;
}

void read_bazel_log(std::string_view text, const std::string& path, ConfiguredTree& tree) {
  log::Log log = log::read(path, text);
  for (log::Command& command : log.commands) {
    if (command.role != log::Command::Role::Compile && command.role != log::Command::Role::Assemble) continue;
    Compile compile;
    compile.arguments = std::move(command.arguments);
    compile.environment = std::move(command.environment);
    compile.directory = std::move(command.directory);
    compile.where = std::move(command.where);
    compile.path = path;
    read_files(compile);
    if (!compile.source.empty()) tree.commands.push_back(std::move(compile));
  }
}

bool is_bazel_workspace(const std::string& directory) {
  for (const char* name : {"MODULE.bazel", "WORKSPACE.bazel", "WORKSPACE"})
    if (is_file(join(directory, name))) return true;
  return false;
}

ConfiguredTree read_bazel_tree(const std::string& directory, std::vector<Skipped>& problems) {
  ConfiguredTree tree;
  tree.system = "bazel";
  tree.directory = tree.source_directory = directory;
  std::string rc = join(directory, ".bazelrc");
  if (std::optional<std::string> text = read_if_there(rc, problems, small_file))
    tree.options = read_bazelrc(*text, rc);
  std::string out = join(directory, "bazel-out");
  std::error_code error;
  std::filesystem::path real = std::filesystem::canonical(out, error);
  if (error) return tree;
  std::vector<std::string> params;
  std::size_t visited = 0;
  find_params(real.string(), 0, params, visited, problems);
  for (const std::string& path : params)
    if (std::optional<std::string> text = read_text(path, problems, small_file))
      if (std::optional<Compile> link = read_link_params(*text, path)) tree.links.push_back(std::move(*link));
  // OUTPUT_BASE/execroot/NAME/bazel-out
  std::string log = (real.parent_path().parent_path().parent_path() / "command.log").string();
  if (std::optional<std::string> text = read_if_there(log, problems)) read_bazel_log(*text, log, tree);
  return tree;
}

}  // namespace linkdx::build
