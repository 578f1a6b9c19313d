// meson-logs/meson-log.txt and meson-info/intro-buildoptions.json: what meson looked for, how, and what came
// of it. A check is the compiler's command, its output, and one line of result:
//
//   Command line:  cc .../testfile.c -o .../output.obj -c -O0 -mavx512f
//   Compiler stderr:
//    cc: error: unrecognized command-line option '-mavx512f'
//   Compiler for C supports arguments -mavx512f: NO
//   Checking if "AVX-512 kernels" compiles: NO
//   Program nasm found: NO
//
// Results of dependencies and programs have the same end. Source: mesonbuild/mlog.py, compilers/compilers.py
// and interpreter/compiler.py of meson 0.60 to 1.6.
#include "cmake_files.hpp"
#include "configured_files.hpp"
#include "files.hpp"
#include "json.hpp"

namespace linkdx::build {
namespace {

constexpr std::string_view beginnings[] = {"Checking ",
                                           "Compiler for ",
                                           "Has header ",
                                           "Header ",
                                           "Program ",
                                           "Library ",
                                           "Dependency ",
                                           "Run-time dependency ",
                                           "Build-time dependency ",
                                           "Linker for "};

/// "WHAT: YES" or "WHAT: NO (why)".
bool read_result(std::string_view line, Check& check) {
  bool begins = false;
  for (std::string_view beginning : beginnings) begins = begins || line.starts_with(beginning);
  if (!begins) return false;
  for (std::string_view word : {": YES", ": NO"}) {
    std::size_t at = line.rfind(word);
    if (at == std::string_view::npos) continue;
    std::string_view behind = line.substr(at + word.size());
    if (!behind.empty() && behind.front() != ' ') continue;
    check.what = std::string(line.substr(0, at));
    while (check.what.ends_with(' ')) check.what.pop_back();
    check.passed = word == ": YES";
    return true;
  }
  return false;
}

/// What the result is about: the name between quotation marks, or the argument.
std::string subject_of(std::string_view what) {
  std::size_t open = what.find('"'), close = what.rfind('"');
  if (open != std::string_view::npos && close > open)
    return std::string(what.substr(open + 1, close - open - 1));
  if (std::size_t at = what.find("supports arguments "); at != std::string_view::npos)
    return std::string(what.substr(at + 19));
  return {};
}

/// meson sets a blank before the first line of each tool's output.
std::string outdented(std::string_view text) {
  std::string result;
  Lines lines(text);
  for (std::string_view line; lines.next(line);) {
    if (line.starts_with(' ')) line.remove_prefix(1);
    result += line;
    result += '\n';
  }
  return result;
}

std::string_view value_of(std::string_view line, std::string_view key) {
  if (!line.starts_with(key)) return {};
  line.remove_prefix(key.size());
  while (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

}  // namespace

void read_meson_log(std::string_view text, const std::string& path, ConfiguredTree& tree) {
  tree.system = "meson";
  std::size_t body = 0;  // behind the last result
  Lines lines(text);
  for (std::string_view line; lines.next(line);) {
    Check check;
    if (std::string_view source = value_of(line, "Source dir:"); !source.empty())
      tree.source_directory = std::string(source);
    else if (std::string_view build = value_of(line, "Build machine cpu family:"); !build.empty())
      tree.build = std::string(build);
    else if (std::string_view host = value_of(line, "Host machine cpu family:"); !host.empty())
      tree.host = std::string(host);
    else if (read_result(line, check)) {
      std::size_t begin = static_cast<std::size_t>(line.data() - text.data());
      if (!check.passed) check.message = first_error(outdented(text.substr(body, begin - body)));
      body = begin + line.size();
      check.variable = subject_of(check.what);
      check.where = {lines.number(), std::string(line)};
      check.path = path;
      if (check.what.starts_with("Program ") && check.what.ends_with(" found"))
        tree.tools.push_back(
            {check.what.substr(8, check.what.size() - 14), check.passed ? "found" : "", check.where, path});
      tree.checks.push_back(std::move(check));
    }
  }
}

void read_meson_options(std::string_view text, const std::string& path, ConfiguredTree& tree,
                        std::vector<Skipped>& problems) {
  std::optional<llvm::json::Value> value = parse_json(text, path, problems);
  const llvm::json::Array* options = value ? value->getAsArray() : nullptr;
  if (!options) return;
  for (const llvm::json::Value& entry : *options) {
    const llvm::json::Object* object = entry.getAsObject();
    if (!object) continue;
    std::optional<llvm::StringRef> name = object->getString("name"), section = object->getString("section");
    if (!name || !section || (*section != "user" && *name != "auto_features")) continue;
    Setting option;
    option.key = name->str();
    if (std::optional<llvm::StringRef> word = object->getString("value"))
      option.value = word->str();
    else if (std::optional<bool> flag = object->getBoolean("value"))
      option.value = *flag ? "true" : "false";
    else
      continue;
    option.type = object->getString("type").value_or("").str();
    option.where = {0, option.key + " = " + option.value};
    option.path = path;
    tree.options.push_back(std::move(option));
  }
}

}  // namespace linkdx::build
