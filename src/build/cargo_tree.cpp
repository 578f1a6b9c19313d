// A cargo target directory:
//
//   target/.rustc_info.json                         what rustc -vV printed: the host
//   target/[TRIPLE/]PROFILE/build/PKG-HASH/output   one run of a build script: see script_output.cpp
//                                        /stderr, /root-output (the OUT_DIR at that time), /out
//   target/PROFILE/build/PKG-HASH/*.d               one build of a build script, which names its source files
//   target/[TRIPLE/]PROFILE/.fingerprint/PKG-HASH/  why cargo considers a unit fresh; joins run and build
//
// A TRIPLE directory is there when cargo was called with --target (or build.target is set); a run outside of
// one is for the host. Run and build of a script have different hashes. The run's fingerprint names that of
// the build, and the build's dependency file names build.rs, so the package's directory, so, for a registry
// package, its version. Source: src/cargo/core/compiler/layout.rs and fingerprint/mod.rs of cargo.
#include "cargo_tree.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <tuple>

#include <fmt/format.h>
#include <llvm/Support/JSON.h>

#include "cargo_files.hpp"
#include "files.hpp"
#include "json.hpp"
#include "script_output.hpp"

namespace linkdx::build {
namespace {

constexpr std::size_t small_file = 1 << 20;
constexpr int most_parents = 32;

bool exists_in(const std::string& directory, const char* name) {
  std::string path = join(directory, name);
  return is_file(path) || is_directory(path);
}

std::string package_of(std::string_view hashed_name) {
  return std::string(hashed_name.substr(0, hashed_name.size() - 17));
}

// `name-1.2.3` as registries and `cargo vendor --versioned-dirs` call their directories.
std::string version_in(std::string_view directory_name, std::string_view package) {
  if (directory_name.size() <= package.size() + 1 || !directory_name.starts_with(package) ||
      directory_name[package.size()] != '-')
    return "";
  std::string_view version = directory_name.substr(package.size() + 1);
  bool numeric = std::isdigit(static_cast<unsigned char>(version.front())) &&
                 version.find('.') != std::string_view::npos;
  return numeric ? std::string(version) : "";
}

// The first Rust file that a dependency file lists. Make syntax: spaces are escaped with a backslash.
std::string first_rust_source(std::string_view dependencies) {
  Lines lines(dependencies);
  for (std::string_view line; lines.next(line);) {
    std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    std::string word;
    for (std::size_t i = colon + 2; i <= line.size(); ++i) {
      if (i == line.size() || line[i] == ' ') {
        if (word.ends_with(".rs")) return word;
        word.clear();
      } else if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == ' ') {
        word += line[++i];
      } else {
        word += line[i];
      }
    }
  }
  return "";
}

std::string package_directory(const std::string& source, const std::string& package) {
  std::string first = parent(source);
  std::string directory = first;
  for (int level = 0; level < 4 && directory.size() > 1; ++level, directory = parent(directory)) {
    if (is_file(join(directory, "Cargo.toml"))) return directory;
    if (!version_in(base_name(directory), package).empty()) return directory;
  }
  return first;
}

// cargo writes a fingerprint as the hex digits of its bytes, lowest first.
std::string fingerprint_text(std::uint64_t hash) {
  std::string text;
  for (int byte = 0; byte < 8; ++byte, hash >>= 8) text += fmt::format("{:02x}", hash & 0xff);
  return text;
}

/// One build of a build script.
struct ScriptBuild {
  std::string directory;  ///< PKG-HASH, its name
  std::string source;     ///< build.rs, absolute; empty if unknown
};

// What the tree's fingerprints say, read once: for each package its script builds by fingerprint.
class ScriptBuilds {
 public:
  ScriptBuilds(std::string workspace, std::vector<Skipped>& problems)
      : workspace_(std::move(workspace)), problems_(problems) {}

  void add_profile(const std::string& profile) {
    for (const Entry& entry : list_if_there(join(profile, "build"))) {
      if (!entry.directory || !is_hashed_name(entry.name)) continue;
      std::string directory = join(join(profile, "build"), entry.name);
      std::string source;
      for (const Entry& file : list(directory, problems_)) {
        if (file.directory || !file.name.ends_with(".d")) continue;
        if (std::optional<std::string> text =
                read_if_there(join(directory, file.name), problems_, small_file))
          source = first_rust_source(*text);
      }
      if (source.empty()) continue;  // a run, not a build
      if (source.front() != '/') source = workspace_.empty() ? "" : absolute(join(workspace_, source));
      if (!source.empty()) by_package_[package_of(entry.name)].push_back({entry.name, source});
    }
    std::string fingerprints = join(profile, ".fingerprint");
    for (const Entry& entry : list_if_there(fingerprints)) {
      if (!entry.directory || !is_hashed_name(entry.name)) continue;
      std::string directory = join(fingerprints, entry.name);
      for (const Entry& file : list(directory, problems_)) {
        if (file.directory || !file.name.starts_with("build-script-") || file.name.ends_with(".json"))
          continue;
        if (std::optional<std::string> text =
                read_if_there(join(directory, file.name), problems_, small_file))
          by_fingerprint_.emplace(text->substr(0, 16), entry.name);
      }
    }
  }

  // The source of the script that a run ran, or nothing.
  std::string source_of(const std::string& profile, const std::string& run, const std::string& package) {
    auto builds = by_package_.find(package);
    if (builds == by_package_.end()) return "";
    std::string built = build_of(join(join(profile, ".fingerprint"), run));
    for (const ScriptBuild& build : builds->second)
      if (build.directory == built) return build.source;
    // Without the fingerprint: only when all builds agree.
    for (const ScriptBuild& build : builds->second)
      if (build.source != builds->second.front().source) return "";
    return builds->second.front().source;
  }

 private:
  std::vector<Entry> list_if_there(const std::string& directory) {
    return is_directory(directory) ? list(directory, problems_) : std::vector<Entry>();
  }

  // From `{"deps":[[ID,"build_script_build",false,FINGERPRINT]], ...}` to the PKG-HASH of that build.
  std::string build_of(const std::string& fingerprint_directory) {
    for (const Entry& file : list_if_there(fingerprint_directory)) {
      if (!file.name.starts_with("run-build-script-") || !file.name.ends_with(".json")) continue;
      std::string path = join(fingerprint_directory, file.name);
      std::optional<std::string> text = read_if_there(path, problems_, small_file);
      if (!text) continue;
      std::optional<llvm::json::Value> json = parse_json(*text, path, problems_);
      const llvm::json::Object* object = json ? json->getAsObject() : nullptr;
      const llvm::json::Array* dependencies = object ? object->getArray("deps") : nullptr;
      if (!dependencies) continue;
      for (const llvm::json::Value& item : *dependencies) {
        const llvm::json::Array* dependency = item.getAsArray();
        if (!dependency || dependency->size() != 4) continue;
        std::optional<llvm::StringRef> name = (*dependency)[1].getAsString();
        std::optional<std::uint64_t> hash = (*dependency)[3].getAsUINT64();
        if (!name || !name->starts_with("build_script_") || !hash) continue;
        if (auto found = by_fingerprint_.find(fingerprint_text(*hash)); found != by_fingerprint_.end())
          return found->second;
      }
    }
    return "";
  }

  std::string workspace_;
  std::vector<Skipped>& problems_;
  std::map<std::string, std::vector<ScriptBuild>> by_package_;
  std::map<std::string, std::string> by_fingerprint_;
};

// The packages whose manifests lie in the workspace, for trees whose dependency files are gone (cut down, or
// copied out of a container). Members and vendored packages lie few levels down.
class Manifests {
 public:
  explicit Manifests(const std::string& workspace) {
    if (!workspace.empty()) search(workspace, 0);
  }

  // The package's directory, when exactly one has its name and version.
  std::string directory_of(const std::string& name, const std::string& version) const {
    std::string found;
    for (const LockedPackage& package : packages_) {
      if (package.name != name ||
          (!version.empty() && !package.version.empty() && package.version != version))
        continue;
      if (!found.empty()) return "";
      found = parent(package.path);
    }
    return found;
  }

 private:
  void search(const std::string& directory, int depth) {
    constexpr int most_depth = 4;
    constexpr std::size_t most_manifests = 2'000;
    std::string path = join(directory, "Cargo.toml");
    if (is_file(path) && packages_.size() < most_manifests)
      if (std::optional<std::string> text = read_if_there(path, ignored_, small_file))
        packages_.push_back(read_cargo_manifest(*text, path));
    if (depth == most_depth || packages_.size() >= most_manifests) return;
    for (const Entry& entry : list(directory, ignored_)) {
      if (!entry.directory || entry.link || entry.name.front() == '.' || entry.name == "target" ||
          entry.name == "node_modules")
        continue;
      search(join(directory, entry.name), depth + 1);
    }
  }

  std::vector<LockedPackage> packages_;
  std::vector<Skipped> ignored_;
};

struct Profile {
  std::string directory;
  std::string triple;  ///< empty outside of a triple's directory
};

std::vector<Profile> profiles_of(const std::string& target, std::vector<Skipped>& problems) {
  std::vector<Profile> profiles;
  for (const Entry& entry : list(target, problems)) {
    if (!entry.directory) continue;
    std::string directory = join(target, entry.name);
    if (is_profile_directory(directory)) {
      profiles.push_back({directory, ""});
      continue;
    }
    if (entry.link || entry.name.find('-') == std::string::npos) continue;  // every triple has a dash
    for (const Entry& below : list(directory, problems))
      if (below.directory && is_profile_directory(join(directory, below.name)))
        profiles.push_back({join(directory, below.name), entry.name});
  }
  return profiles;
}

// "host: x86_64-unknown-linux-gnu" in what rustc printed; nothing when several toolchains disagree.
std::string host_of(const std::string& target, std::vector<Skipped>& problems) {
  std::string path = join(target, ".rustc_info.json");
  std::optional<std::string> text = read_if_there(path, problems, small_file);
  if (!text) return "";
  std::optional<llvm::json::Value> json = parse_json(*text, path, problems);
  const llvm::json::Object* object = json ? json->getAsObject() : nullptr;
  const llvm::json::Object* outputs = object ? object->getObject("outputs") : nullptr;
  std::string host;
  if (!outputs) return host;
  for (const auto& [key, value] : *outputs) {
    const llvm::json::Object* output = value.getAsObject();
    std::optional<llvm::StringRef> printed = output ? output->getString("stdout") : std::nullopt;
    if (!printed) continue;
    Lines lines({printed->data(), printed->size()});
    for (std::string_view line; lines.next(line);) {
      if (!line.starts_with("host: ")) continue;
      std::string found(line.substr(6));
      if (!host.empty() && host != found) return "";
      host = found;
    }
  }
  return host;
}

std::string locked_version(const std::vector<LockedPackage>& packages, const std::string& name) {
  std::string version;
  for (const LockedPackage& package : packages) {
    if (package.name != name) continue;
    if (!version.empty() && version != package.version) return "";  // several: the path has to say
    version = package.version;
  }
  return version;
}

BuildScriptRun read_run(const std::string& directory, const Profile& profile, const std::string& host,
                        std::vector<Skipped>& problems) {
  BuildScriptRun run;
  run.directory = directory;
  run.package = package_of(base_name(directory));
  run.profile = base_name(profile.directory);
  run.output_path = join(directory, "output");
  if (std::optional<std::string> text = read_if_there(run.output_path, problems))
    read_script_output(*text, run.output_path, run);
  else
    run.output_path.clear();
  std::string stderr_path = join(directory, "stderr");
  if (std::optional<std::string> text = read_if_there(stderr_path, problems))
    read_script_stderr(*text, stderr_path, run);
  run.out_dir = join(directory, "out");
  if (std::optional<std::string> text = read_if_there(join(directory, "root-output"), problems, small_file)) {
    std::string recorded(text->substr(0, text->find('\n')));
    // A tree that was moved still holds its old place; the directory beside is then the right one.
    if (!recorded.empty() && (is_directory(recorded) || !is_directory(run.out_dir))) run.out_dir = recorded;
  }
  run.host = environment_value(run, "HOST").value_or(host);
  std::optional<std::string> said = environment_value(run, "TARGET");
  run.target = !profile.triple.empty() ? profile.triple : said.value_or(run.host);
  return run;
}

}  // namespace

std::vector<CargoConfig> cargo_configs(const std::string& start, const std::string& home,
                                       std::vector<Skipped>& problems) {
  std::vector<std::string> places;
  std::string directory = start;
  for (int level = 0; level < most_parents && !directory.empty(); ++level) {
    places.push_back(join(directory, ".cargo"));
    if (directory == "/") break;
    directory = parent(directory);
  }
  if (!home.empty() && std::find(places.begin(), places.end(), home) == places.end()) places.push_back(home);
  std::vector<CargoConfig> configs;
  for (const std::string& place : places) {
    // Where both exist, cargo reads the one without an extension.
    for (const char* name : {"config", "config.toml"}) {
      std::string path = join(place, name);
      std::optional<std::string> text = read_if_there(path, problems, small_file);
      if (!text) continue;
      configs.push_back(read_cargo_config(*text, path, problems));
      break;
    }
  }
  return configs;
}

bool is_hashed_name(std::string_view name) {
  if (name.size() < 18 || name[name.size() - 17] != '-') return false;
  std::string_view hash = name.substr(name.size() - 16);
  return std::all_of(hash.begin(), hash.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_profile_directory(const std::string& directory) {
  if (is_directory(join(directory, ".fingerprint"))) return true;
  std::string build = join(directory, "build");
  if (!is_directory(build)) return false;
  // A tree that was cut down to the outputs of its scripts
  std::vector<Skipped> ignored;
  for (const Entry& entry : list(build, ignored))
    if (entry.directory && is_hashed_name(entry.name) &&
        (exists_in(join(build, entry.name), "output") || exists_in(join(build, entry.name), "root-output")))
      return true;
  return false;
}

std::string target_directory_of(const std::string& profile) {
  std::string above = parent(profile);
  std::string further = parent(above);
  for (const char* mark : {".rustc_info.json", "CACHEDIR.TAG"}) {
    if (exists_in(above, mark) && !exists_in(further, ".rustc_info.json")) return above;
    if (exists_in(further, mark)) return further;
  }
  // No mark is left: a triple has at least one dash, `target` none.
  std::string name = base_name(above);
  bool triple = std::count(name.begin(), name.end(), '-') >= 2 ||
                (base_name(further) == "target" && name.find('-') != std::string::npos);
  return triple ? further : above;
}

CargoTree read_cargo_tree(const std::string& target_directory, const std::string& workspace,
                          std::vector<Skipped>& problems) {
  CargoTree tree;
  tree.workspace = workspace;
  tree.target_directory = target_directory;
  if (!workspace.empty()) {
    std::string lock = join(workspace, "Cargo.lock");
    if (std::optional<std::string> text = read_if_there(lock, problems)) {
      tree.lock_path = lock;
      tree.packages = read_cargo_lock(*text, lock, problems);
    }
    tree.configs = cargo_configs(tree.workspace, {}, problems);
  }
  if (target_directory.empty()) return tree;
  std::string host = host_of(target_directory, problems);
  std::vector<Profile> profiles = profiles_of(target_directory, problems);
  ScriptBuilds builds(workspace, problems);
  for (const Profile& profile : profiles) builds.add_profile(profile.directory);
  std::optional<Manifests> manifests;  // read when the first run needs them
  std::vector<std::pair<std::int64_t, BuildScriptRun>> runs;
  for (const Profile& profile : profiles) {
    std::string build = join(profile.directory, "build");
    if (!is_directory(build)) continue;
    for (const Entry& entry : list(build, problems)) {
      std::string directory = join(build, entry.name);
      if (!entry.directory || !is_hashed_name(entry.name)) continue;
      if (!exists_in(directory, "output") && !exists_in(directory, "stderr") &&
          !exists_in(directory, "root-output"))
        continue;
      BuildScriptRun run = read_run(directory, profile, host, problems);
      if (std::string source = builds.source_of(profile.directory, entry.name, run.package);
          !source.empty()) {
        run.source_directory = package_directory(source, run.package);
        run.version = version_in(base_name(run.source_directory), run.package);
      }
      if (run.version.empty()) run.version = locked_version(tree.packages, run.package);
      if (run.source_directory.empty()) {
        if (!manifests) manifests.emplace(workspace);
        run.source_directory = manifests->directory_of(run.package, run.version);
      }
      runs.emplace_back(changed(join(directory, run.output_path.empty() ? "root-output" : "output")),
                        std::move(run));
    }
  }
  std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) {
    return std::tie(a.second.package, b.first, a.second.directory) <
           std::tie(b.second.package, a.first, b.second.directory);
  });
  for (auto& [when, run] : runs) tree.scripts.push_back(std::move(run));
  return tree;
}

}  // namespace linkdx::build
