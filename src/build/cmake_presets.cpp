// CMakePresets.json: named sets of cache variables with which a project is configured (`cmake --preset ci`).
// CMakeCache.txt holds what came of them and not where it came from; the preset is the place to change.
//
//   { "version": 3, "configurePresets": [ { "name": "ci", "cacheVariables": {
//       "ENABLE_AVX512": "OFF", "CMAKE_C_FLAGS": { "type": "STRING", "value": "-march=native" } } } ] }
//
// A file may include others ("include"), and a preset inherit from others; each is read where it stands, as
// it is written. Source: cmake-presets(7), versions 1 to 10.
#include "cmake_presets.hpp"

#include <algorithm>
#include <utility>

#include "files.hpp"
#include "json.hpp"

namespace linkdx::build {
namespace {

constexpr std::size_t small_file = std::size_t{4} << 20;
constexpr std::size_t most_settings = 10'000;
constexpr std::size_t most_files = 32;

std::uint64_t line_of(std::string_view text, std::size_t at) {
  std::uint64_t line = 1;
  for (std::size_t i = 0; i < at; ++i) line += text[i] == '\n';
  return line;
}

std::string value_of(const llvm::json::Value& value) {
  if (std::optional<llvm::StringRef> word = value.getAsString()) return word->str();
  if (std::optional<bool> flag = value.getAsBoolean()) return *flag ? "TRUE" : "FALSE";
  if (const llvm::json::Object* object = value.getAsObject())
    if (const llvm::json::Value* inner = object->get("value"); inner && !inner->getAsObject())
      return value_of(*inner);
  return {};
}

}  // namespace

std::vector<Setting> read_cmake_presets(std::string_view text, const std::string& path,
                                        std::vector<Skipped>& problems) {
  std::vector<Setting> settings;
  std::optional<llvm::json::Value> value = parse_json(text, path, problems);
  const llvm::json::Object* root = value ? value->getAsObject() : nullptr;
  const llvm::json::Array* presets = root ? root->getArray("configurePresets") : nullptr;
  if (!presets) return settings;
  std::size_t begin = 0;  // presets stand in their order: each is looked for behind the one before
  for (const llvm::json::Value& entry : *presets) {
    const llvm::json::Object* preset = entry.getAsObject();
    const llvm::json::Object* variables = preset ? preset->getObject("cacheVariables") : nullptr;
    std::string name = preset ? preset->getString("name").value_or("").str() : "";
    if (std::size_t at = text.find('"' + name + '"', begin); at != std::string_view::npos) begin = at;
    if (!variables) continue;
    const std::size_t first = settings.size();
    for (const auto& [key, set] : *variables) {
      if (settings.size() >= most_settings) return settings;
      Setting setting;
      setting.key = key.str();
      setting.value = value_of(set);
      setting.type = "PRESET";
      std::size_t at = text.find('"' + setting.key + '"', begin);
      if (at != std::string_view::npos) {
        std::size_t start = text.rfind('\n', at) + 1, end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(start, std::min<std::size_t>(end - start, 1024));
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        setting.where = {line_of(text, at), std::string(line)};
      } else {
        setting.where = {0, setting.key + " = " + setting.value};
      }
      setting.path = path;
      settings.push_back(std::move(setting));
    }
    // The parser keeps no order of its own.
    std::sort(settings.begin() + static_cast<std::ptrdiff_t>(first), settings.end(),
              [](const Setting& a, const Setting& b) {
                return std::pair(a.where.line, std::string_view(a.key)) <
                       std::pair(b.where.line, std::string_view(b.key));
              });
  }
  return settings;
}

ConfiguredTree read_presets_of(const std::string& source_directory, std::vector<Skipped>& problems) {
  ConfiguredTree tree;
  tree.system = "cmake-presets";
  tree.directory = tree.source_directory = source_directory;
  std::vector<std::string> files = {join(source_directory, "CMakePresets.json"),
                                    join(source_directory, "CMakeUserPresets.json")};
  for (std::size_t i = 0; i < files.size() && i < most_files; ++i) {
    const std::string file = files[i];
    std::optional<std::string> text = read_if_there(file, problems, small_file);
    if (!text) continue;
    for (Setting& setting : read_cmake_presets(*text, file, problems))
      tree.options.push_back(std::move(setting));
    std::vector<Skipped> told_already;
    std::optional<llvm::json::Value> value = parse_json(*text, file, told_already);
    const llvm::json::Object* root = value ? value->getAsObject() : nullptr;
    if (const llvm::json::Array* included = root ? root->getArray("include") : nullptr)
      for (const llvm::json::Value& name : *included)
        if (std::optional<llvm::StringRef> word = name.getAsString(); word && !word->contains('$')) {
          std::string path = word->starts_with("/") ? word->str() : join(parent(file), word->str());
          if (std::find(files.begin(), files.end(), absolute(path)) == files.end())
            files.push_back(absolute(path));
        }
  }
  return tree;
}

}  // namespace linkdx::build
