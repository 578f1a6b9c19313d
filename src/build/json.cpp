// compile_commands.json: a list of `{"directory", "file", "command" | "arguments", "output"}`, one for each
// compile that the build would run (https://clang.llvm.org/docs/JSONCompilationDatabase.html). It says how a
// file was to be compiled, not whether that was tried or worked: results stay Unknown.
//
// The list is cut into its entries by hand, for three reasons: each gets its line number, which llvm::json
// does not keep; a broken or cut-off end does not cost the rest; and memory stays at one entry's.
#include "json.hpp"

#include <fmt/format.h>

#include "commands.hpp"
#include "files.hpp"
#include "linkdx/language.hpp"
#include "linkdx/log.hpp"

namespace linkdx::build {
namespace {

constexpr int most_levels = 64;
constexpr std::size_t most_complaints = 8;

// Walks over JSON text byte by byte and knows the depth and whether it stands inside a string.
class Scanner {
 public:
  void take(char c) {
    if (in_string_) {
      if (escaped_)
        escaped_ = false;
      else if (c == '\\')
        escaped_ = true;
      else if (c == '"')
        in_string_ = false;
      return;
    }
    if (c == '"')
      in_string_ = true;
    else if (c == '{' || c == '[')
      ++depth_;
    else if (c == '}' || c == ']')
      --depth_;
  }
  int depth() const { return depth_; }
  bool in_string() const { return in_string_; }

 private:
  int depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
};

bool too_deep(std::string_view text) {
  Scanner scanner;
  for (char c : text) {
    scanner.take(c);
    if (scanner.depth() > most_levels) return true;
  }
  return false;
}

std::string string_in(const llvm::json::Object& object, llvm::StringRef key) {
  std::optional<llvm::StringRef> text = object.getString(key);
  return text ? text->str() : std::string();
}

std::optional<Compile> compile_of(const llvm::json::Object& entry) {
  Compile compile;
  compile.directory = string_in(entry, "directory");
  if (const llvm::json::Array* words = entry.getArray("arguments")) {
    for (const llvm::json::Value& word : *words)
      if (std::optional<llvm::StringRef> text = word.getAsString()) compile.arguments.push_back(text->str());
  } else {
    compile.arguments = log::split_command(string_in(entry, "command"));
  }
  if (compile.arguments.empty()) return std::nullopt;
  read_files(compile);
  if (std::string file = string_in(entry, "file"); !file.empty()) compile.source = file;
  if (std::string output = string_in(entry, "output"); !output.empty()) compile.object = output;
  return compile;
}

}  // namespace

std::optional<llvm::json::Value> parse_json(std::string_view text, const std::string& path,
                                            std::vector<Skipped>& problems) {
  if (too_deep(text)) {
    problems.push_back({path, say("JSON nested deeper than {} levels", most_levels)});
    return std::nullopt;
  }
  llvm::StringRef view(text.data(), text.size());
  llvm::Expected<llvm::json::Value> value =
      llvm::json::isUTF8(view) ? llvm::json::parse(view) : llvm::json::parse(llvm::json::fixUTF8(view));
  if (value) return std::move(*value);
  problems.push_back({path, say("not JSON: {}", llvm::toString(value.takeError()))});
  return std::nullopt;
}

std::vector<Compile> read_compile_commands(std::string_view text, const std::string& path,
                                           std::vector<Skipped>& problems) {
  std::vector<Compile> compiles;
  Scanner scanner;
  std::size_t start = std::string_view::npos, complaints = 0;
  std::uint64_t line = 1, start_line = 1;
  auto complain = [&](std::uint64_t at, const std::string& what) {
    if (++complaints <= most_complaints) problems.push_back({path, say("line {}: {}", at, what)});
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') ++line;
    int before = scanner.depth();
    scanner.take(text[i]);
    if (before == 1 && scanner.depth() == 2 && text[i] == '{') {
      start = i;
      start_line = line;
    }
    if (before != 2 || scanner.depth() != 1 || start == std::string_view::npos) continue;
    std::vector<Skipped> why;
    std::optional<llvm::json::Value> value = parse_json(text.substr(start, i + 1 - start), path, why);
    start = std::string_view::npos;
    const llvm::json::Object* entry = value ? value->getAsObject() : nullptr;
    std::optional<Compile> compile = entry ? compile_of(*entry) : std::nullopt;
    if (!compile) {
      complain(start_line, why.empty() ? say("entry without a command") : why.front().reason);
      continue;
    }
    compile->path = path;
    compile->where = {start_line, fmt::format("{}", fmt::join(compile->arguments, " "))};
    compiles.push_back(std::move(*compile));
  }
  if (scanner.depth() != 0 || scanner.in_string())
    complain(line, say("the list of commands is cut off"));
  else if (compiles.empty() && text.find_first_not_of(" \t\r\n[]") != std::string_view::npos)
    complain(1, say("no list of compile commands"));
  if (complaints > most_complaints)
    problems.push_back({path, say("{} more entries could not be read", complaints - most_complaints)});
  return compiles;
}

}  // namespace linkdx::build
