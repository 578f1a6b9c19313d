// Cargo.lock says which version of each package was built: above all that of `cc`, whose versions order
// their flags differently. Its formats 1 to 4 differ in what linkdx does not ask for (checksums, the form of
// dependencies and sources); format 1 also knows a `[root]` package.
//
// .cargo/config.toml sets rustflags, linkers and environment variables. cargo reads one in each directory
// from the working directory up to the root; this file reads a single one. Facts: cargo's reference, chapter
// "Configuration", and src/cargo/core/resolver/encode.rs of cargo for the lock file.
#include "cargo_files.hpp"

#include <fmt/format.h>

#include "commands.hpp"
#include "files.hpp"
#include "linkdx/language.hpp"
#include "linkdx/toml.hpp"

namespace linkdx::build {
namespace {

std::optional<toml::table> parse(std::string_view text, const std::string& path,
                                 std::vector<Skipped>& problems) {
  try {
    return parse_toml(text);
  } catch (const toml::parse_error& error) {
    problems.push_back({path, say("line {}: not TOML: {}", error.source().begin.line, error.description())});
  }
  return std::nullopt;
}

std::string string_of(const toml::node* node) {
  const toml::value<std::string>* value = node ? node->as_string() : nullptr;
  return value ? value->get() : std::string();
}

// Cargo takes a list of words, or one text that is split at white space.
std::vector<std::string> words_of(const toml::node* node) {
  std::vector<std::string> words;
  if (node && node->is_array()) {
    for (const toml::node& item : *node->as_array())
      if (item.is_string()) words.push_back(string_of(&item));
    return words;
  }
  std::string text = string_of(node);
  std::size_t at = 0;
  while ((at = text.find_first_not_of(" \t\n\r", at)) != std::string::npos) {
    std::size_t end = std::min(text.find_first_of(" \t\n\r", at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

void read_flags(const std::string& name, const toml::table& table, CargoConfig& config) {
  const toml::node* flags = table.get("rustflags");
  if (!flags) return;
  config.rustflags.push_back({name, words_of(flags), flags->source().begin.line});
}

LockedPackage package_of(const toml::table& table, const std::string& path) {
  LockedPackage package;
  package.name = string_of(table.get("name"));
  package.version = string_of(table.get("version"));
  package.source = string_of(table.get("source"));
  package.dependencies = words_of(table.get("dependencies"));
  const toml::node* name = table.get("name");
  package.line = name ? name->source().begin.line : table.source().begin.line;
  package.path = path;
  return package;
}

}  // namespace

std::vector<LockedPackage> read_cargo_lock(std::string_view text, const std::string& path,
                                           std::vector<Skipped>& problems) {
  std::vector<LockedPackage> packages;
  std::optional<toml::table> lock = parse(text, path, problems);
  if (!lock) return packages;
  if (const toml::node* root = lock->get("root"); root && root->is_table())
    packages.push_back(package_of(*root->as_table(), path));
  const toml::node* list = lock->get("package");
  if (!list || !list->is_array()) return packages;
  for (const toml::node& item : *list->as_array())
    if (item.is_table()) packages.push_back(package_of(*item.as_table(), path));
  std::erase_if(packages, [](const LockedPackage& package) { return package.name.empty(); });
  return packages;
}

LockedPackage read_cargo_manifest(std::string_view text, const std::string& path) {
  std::vector<Skipped> ignored;  // a search meets many manifests that are templates or test data
  std::optional<toml::table> manifest = parse(text, path, ignored);
  const toml::node* package = manifest ? manifest->get("package") : nullptr;
  return package && package->is_table() ? package_of(*package->as_table(), path) : LockedPackage();
}

CargoConfig read_cargo_config(std::string_view text, const std::string& path,
                              std::vector<Skipped>& problems) {
  CargoConfig config;
  config.path = path;
  std::optional<toml::table> file = parse(text, path, problems);
  if (!file) return config;
  if (const toml::node* node = file->get("build"); node && node->is_table()) {
    const toml::table& build = *node->as_table();
    read_flags("build", build, config);
    if (const toml::node* target = build.get("target")) {
      std::vector<std::string> targets = words_of(target);
      if (targets.size() == 1) config.build_target = targets.front();
      config.build_target_line = target->source().begin.line;
    }
    config.rustc_wrapper = string_of(build.get("rustc-wrapper"));
    if (config.rustc_wrapper.find('/') != std::string::npos && config.rustc_wrapper.front() != '/')
      config.rustc_wrapper = absolute(join(parent(parent(path)), config.rustc_wrapper));
    std::string directory = string_of(build.get("target-dir"));
    // Relative to the directory that holds .cargo
    if (!directory.empty())
      config.target_directory =
          absolute(directory.front() == '/' ? directory : join(parent(parent(path)), directory));
  }
  if (const toml::node* node = file->get("target"); node && node->is_table()) {
    for (const auto& [key, value] : *node->as_table()) {
      if (!value.is_table()) continue;
      std::string triple(key.str());
      read_flags("target." + triple, *value.as_table(), config);
      if (std::string linker = string_of(value.as_table()->get("linker")); !linker.empty())
        config.linkers.emplace(triple, linker);
    }
  }
  if (const toml::node* node = file->get("env"); node && node->is_table()) {
    for (const auto& [key, value] : *node->as_table()) {
      const toml::node* text_node = value.is_table() ? value.as_table()->get("value") : &value;
      if (text_node && text_node->is_string())
        config.env.emplace(std::string(key.str()), string_of(text_node));
    }
  }
  return config;
}

}  // namespace linkdx::build
