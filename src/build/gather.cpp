// From the paths that a user gives to the build trees they belong to. A path may be a tree's top, something
// above it (a workspace that has a target directory, a CMake build directory in it) or something in it (an
// archive in target/release/deps, an object in build/CMakeFiles/x.dir). So each path is searched downwards
// for trees, and upwards for the nearest one of each kind. Directories are known by identity, not by name, so
// loops end and a tree that is found twice is read once.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cargo_tree.hpp"
#include "cmake_files.hpp"
#include "cmake_presets.hpp"
#include "configured_files.hpp"
#include "files.hpp"
#include "json.hpp"
#include "linkdx/build.hpp"
#include "linkdx/language.hpp"

namespace linkdx::build {
namespace {

constexpr int most_depth = 24;
constexpr int most_parents = 32;
constexpr std::size_t most_directories = 50'000;

// Directories that hold no build tree and may be huge.
bool is_passed_over(std::string_view name) {
  return name == ".git" || name == ".hg" || name == ".svn" || name == ".jj" || name == "node_modules" ||
         name == "CMakeFiles" || name == "incremental" || name == ".fingerprint";
}

class Gatherer {
 public:
  Facts gather(const std::vector<std::string>& paths) {
    for (const std::string& given : paths) {
      if (given.empty()) continue;
      std::string path = absolute(given);
      if (is_directory(path))
        search_below(path, 0);
      else if (is_file(path))
        read_lone_file(path);
      else
        facts_.problems.push_back({given, say("does not exist")});
      search_above(is_directory(path) ? path : parent(path));
    }
    pair_lone_workspace();
    for (const std::string& directory : cmake_)
      facts_.cmake.push_back(read_cmake_tree(directory, facts_.problems));
    for (const std::string& directory : configured_)
      for (ConfiguredTree& tree : read_configured_trees(directory, facts_.problems))
        facts_.configured.push_back(std::move(tree));
    std::set<std::string> sources;
    for (const CMakeTree& tree : facts_.cmake)
      if (!tree.source_directory.empty() && sources.insert(identity(tree.source_directory)).second)
        if (ConfiguredTree presets = read_presets_of(tree.source_directory, facts_.problems);
            !presets.options.empty())
          facts_.configured.push_back(std::move(presets));
    for (const Cargo& cargo : cargo_) read(cargo);
    for (const std::string& path : commands_) {
      if (seen_cmake_.contains(identity(parent(path)))) continue;
      if (std::optional<std::string> text = read_text(path, facts_.problems))
        for (Compile& compile : read_compile_commands(*text, path, facts_.problems))
          facts_.commands.push_back(std::move(compile));
    }
    drop_repeated_problems();
    return std::move(facts_);
  }

 private:
  struct Cargo {
    std::string workspace, target;
  };

  void search_below(const std::string& directory, int depth) {
    if (!seen_.insert(identity(directory)).second) return;
    if (depth > most_depth || seen_.size() > most_directories) {
      if (!bounded_)
        facts_.problems.push_back(
            {directory, say("is too deep or one of too many directories; what lies below was not searched")});
      bounded_ = true;
      return;
    }
    bool profile = note(directory);
    for (const Entry& entry : list(directory, facts_.problems)) {
      if (!entry.directory || is_passed_over(entry.name)) continue;
      if (profile && entry.name != "build") continue;  // deps and examples hold artifacts only
      search_below(join(directory, entry.name), depth + 1);
    }
  }

  void search_above(const std::string& start) {
    bool cmake = false, cargo = false, profile = false, configured = false;
    std::string directory = start;
    for (int level = 0; level < most_parents && !directory.empty(); ++level) {
      if (!cmake && is_file(join(directory, "CMakeCache.txt"))) cmake = add_cmake(directory);
      if (!configured && is_configured(directory)) configured = add_configured(directory);
      if (!profile && is_profile_directory(directory)) profile = add_target(target_directory_of(directory));
      if (!profile && is_file(join(directory, ".rustc_info.json"))) profile = add_target(directory);
      if (!cargo && is_file(join(directory, "Cargo.lock"))) cargo = add_workspace(directory);
      if (directory == "/") break;
      directory = parent(directory);
    }
  }

  // What the directory itself is; true for one of a cargo profile.
  bool note(const std::string& directory) {
    if (is_file(join(directory, "CMakeCache.txt"))) add_cmake(directory);
    if (is_configured(directory)) add_configured(directory);
    if (std::string path = join(directory, "compile_commands.json"); is_file(path)) commands_.push_back(path);
    if (is_file(join(directory, "Cargo.lock"))) add_workspace(directory);
    if (is_file(join(directory, ".rustc_info.json"))) add_target(directory);
    if (!is_profile_directory(directory)) return false;
    add_target(target_directory_of(directory));
    return true;
  }

  void read_lone_file(const std::string& path) {
    if (base_name(path) == "compile_commands.json") commands_.push_back(path);
  }

  bool add_cmake(const std::string& directory) {
    if (seen_cmake_.insert(identity(directory)).second) cmake_.push_back(directory);
    return true;
  }

  bool add_configured(const std::string& directory) {
    if (seen_configured_.insert(identity(directory)).second) configured_.push_back(directory);
    return true;
  }

  // The workspace of a target directory is the nearest one above it.
  bool add_target(const std::string& target) {
    if (!seen_target_.insert(identity(target)).second) return true;
    std::string workspace = parent(target);
    for (int level = 0; level < most_parents; ++level, workspace = parent(workspace)) {
      if (is_file(join(workspace, "Cargo.lock"))) break;
      if (workspace == "/" || workspace.empty()) {
        workspace.clear();
        break;
      }
    }
    if (!workspace.empty()) seen_workspace_.insert(identity(workspace));
    cargo_.push_back({workspace, target});
    return true;
  }

  bool add_workspace(const std::string& workspace) {
    if (std::string target = join(workspace, "target"); is_directory(target)) {
      add_target(target);
      return true;
    }
    // The lock files of registry and vendored packages are not those of a build.
    if (seen_workspace_.insert(identity(workspace)).second) lone_workspaces_.push_back(workspace);
    return true;
  }

  // A workspace and a target directory that lie apart (CARGO_TARGET_DIR) belong together when there is one of
  // each and the lock file knows every package that ran a build script; read() checks the latter.
  void pair_lone_workspace() {
    std::vector<Cargo*> homeless;
    for (Cargo& cargo : cargo_)
      if (cargo.workspace.empty()) homeless.push_back(&cargo);
    for (const std::string& workspace : lone_workspaces_) {
      CargoTree alone = read_cargo_tree("", workspace, facts_.problems);
      std::string configured;
      for (const CargoConfig& config : alone.configs)
        if (configured.empty()) configured = config.target_directory;
      if (!configured.empty() && is_directory(configured)) {
        bool taken = false;
        for (Cargo& cargo : cargo_) {
          if (identity(cargo.target) != identity(configured)) continue;
          cargo.workspace = workspace;
          taken = true;
        }
        if (!taken && seen_target_.insert(identity(configured)).second)
          cargo_.push_back({workspace, configured});
        continue;
      }
      if (lone_workspaces_.size() == 1 && homeless.size() == 1 && fits(alone, homeless.front()->target)) {
        homeless.front()->workspace = workspace;
        continue;
      }
      facts_.cargo.push_back(std::move(alone));
    }
  }

  bool fits(const CargoTree& workspace, const std::string& target) {
    std::vector<Skipped> ignored;
    CargoTree tree = read_cargo_tree(target, "", ignored);
    if (tree.scripts.empty()) return false;
    return std::all_of(tree.scripts.begin(), tree.scripts.end(), [&](const BuildScriptRun& run) {
      return std::any_of(workspace.packages.begin(), workspace.packages.end(),
                         [&](const LockedPackage& package) { return package.name == run.package; });
    });
  }

  void read(const Cargo& cargo) {
    facts_.cargo.push_back(read_cargo_tree(cargo.target, cargo.workspace, facts_.problems));
  }

  void drop_repeated_problems() {
    std::set<std::pair<std::string, std::string>> seen;
    std::erase_if(facts_.problems,
                  [&](const Skipped& problem) { return !seen.emplace(problem.path, problem.reason).second; });
  }

  Facts facts_;
  std::vector<std::string> cmake_, configured_, commands_, lone_workspaces_;
  std::vector<Cargo> cargo_;
  std::set<std::string> seen_, seen_cmake_, seen_configured_, seen_target_, seen_workspace_;
  bool bounded_ = false;
};

}  // namespace

Facts gather(const std::vector<std::string>& paths) {
  return Gatherer().gather(paths);
}

}  // namespace linkdx::build
