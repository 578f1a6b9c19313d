#include "sources.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "rule.hpp"

namespace linkdx::diagnose {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t largest_source = 8 << 20;
constexpr std::string_view c_suffixes[] = {".c", ".cc", ".cpp", ".cxx", ".C", ".m", ".mm"};
constexpr std::string_view header_suffixes[] = {".h", ".hh", ".hpp", ".hxx", ".inc", ".inl", ".ipp"};
constexpr std::string_view assembly_suffixes[] = {".s", ".S", ".asm", ".nasm", ".sx"};

bool has_suffix(std::string_view path, std::span<const std::string_view> suffixes) {
  return std::any_of(suffixes.begin(), suffixes.end(),
                     [&](std::string_view suffix) { return path.ends_with(suffix); });
}

bool name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$';
}

}  // namespace

std::string read_source(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > largest_source || error) return {};
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

bool is_assembly(std::string_view path) {
  return has_suffix(path, assembly_suffixes);
}

namespace {

/// Comments and string literals blanked out, lines kept.
std::string without_comments(std::string text) {
  enum { Code, Line, Block, Quote } state = Code;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i], next = i + 1 < text.size() ? text[i + 1] : '\0';
    switch (state) {
      case Code:
        if (c == '/' && next == '/')
          state = Line, text[i] = ' ';
        else if (c == '/' && next == '*') {
          state = Block;
          text[i] = text[i + 1] = ' ';
          ++i;
        } else if (c == '"')
          state = Quote, quote = c;
        break;
      case Line:
        if (c == '\n')
          state = Code;
        else
          text[i] = ' ';
        break;
      case Block:
        if (c == '*' && next == '/') {
          state = Code;
          text[i] = text[i + 1] = ' ';
          ++i;
        } else if (c != '\n')
          text[i] = ' ';
        break;
      case Quote:
        if (c == '\\') {
          text[i] = ' ';
          if (next != '\n' && i + 1 < text.size()) text[++i] = ' ';
        } else if (c == quote || c == '\n')
          state = Code;
        else
          text[i] = ' ';
        break;
    }
  }
  return text;
}

/// Whether a function body or an initialiser follows the name at `at`.
bool body_follows(const std::string& text, std::size_t at) {
  std::size_t i = at;
  auto skip_space = [&] {
    while (i < text.size() && std::isspace(static_cast<unsigned char>(text[i]))) ++i;
  };
  skip_space();
  if (i < text.size() && (text[i] == '=' || text[i] == '[')) {
    while (i < text.size() && text[i] != '=' && text[i] != ';') ++i;
    return i < text.size() && text[i] == '=' && (i + 1 >= text.size() || text[i + 1] != '=');
  }
  if (i >= text.size() || text[i] != '(') return false;
  int depth = 0;
  for (; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) {
      ++i;
      break;
    }
    if (text[i] == ';' || text[i] == '{') return false;
  }
  // Attributes, noexcept and line breaks may stand before the brace; a `;` or `,` makes it a declaration.
  for (; i < text.size(); ++i) {
    if (text[i] == '{') return true;
    if (text[i] == ';' || text[i] == ',' || text[i] == '=' || text[i] == '}' || text[i] == '+' ||
        text[i] == '-')
      return false;
    if (text[i] == ')') return false;
    if (text[i] == '(') {
      int inner = 0;
      for (; i < text.size(); ++i) {
        if (text[i] == '(') ++inner;
        if (text[i] == ')' && --inner == 0) break;
      }
    }
  }
  return false;
}

/// Depth of braces at growing positions of one text.
class BraceDepth {
 public:
  explicit BraceDepth(const std::string& text) : text_(text) {}
  std::size_t at(std::size_t end) {
    for (; position_ < end; ++position_) {
      if (text_[position_] == '{') ++depth_;
      if (text_[position_] == '}' && depth_) --depth_;
    }
    return depth_;
  }

 private:
  const std::string& text_;
  std::size_t position_ = 0, depth_ = 0;
};

/// Whether the text before a name on its line makes it a call or a condition rather than a definition.
bool is_statement(std::string_view before) {
  if (before.find_first_not_of(" \t") == std::string_view::npos) return true;
  for (std::string_view word : {"if", "while", "for", "switch", "return", "else"})
    for (std::size_t at = before.find(word); at != std::string_view::npos; at = before.find(word, at + 1)) {
      bool starts = at == 0 || !name_char(before[at - 1]);
      bool ends = at + word.size() >= before.size() || !name_char(before[at + word.size()]);
      if (starts && ends) return true;
    }
  return false;
}

/// The innermost conditional that is open at `end`, include guards left out.
void find_guard(const std::string& text, std::size_t end, SourceDefinition& found) {
  struct Open {
    std::string condition;
    std::uint64_t line;
  };
  std::vector<Open> open;
  std::istringstream lines(text.substr(0, end));
  std::string line;
  for (std::uint64_t number = 1; std::getline(lines, line); ++number) {
    std::size_t start = line.find_first_not_of(" \t");
    if (start == std::string::npos || line[start] != '#') continue;
    std::string rest = line.substr(line.find_first_not_of(" \t", start + 1) == std::string::npos
                                       ? line.size()
                                       : line.find_first_not_of(" \t", start + 1));
    if (rest.starts_with("if"))
      open.push_back({rest, number});
    else if (rest.starts_with("elif") && !open.empty())
      open.back() = {rest, number};
    else if (rest.starts_with("else") && !open.empty())
      open.back().condition = "else of " + open.back().condition;
    else if (rest.starts_with("endif") && !open.empty())
      open.pop_back();
  }
  while (!open.empty() && open.back().condition.find("_H") != std::string::npos &&
         open.back().condition.starts_with("ifndef"))
    open.pop_back();
  if (open.empty()) return;
  found.guard = open.back().condition;
  found.guard_line = open.back().line;
}

bool is_label(const std::string& text, std::size_t at, std::size_t end) {
  if (end < text.size() && text[end] == ':') return true;
  // Macros that make a function: `cglobal f`, `function f`, `ENTRY(f)`, `asm_function f`.
  std::size_t line = text.rfind('\n', at);
  line = line == std::string::npos ? 0 : line + 1;
  std::string before = text.substr(line, at - line);
  std::transform(before.begin(), before.end(), before.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (before.find("global") != std::string::npos && before.find("cglobal") == std::string::npos) return false;
  for (std::string_view word : {"cglobal", "function", "entry", "begin_func", "asm_func"})
    if (before.find(word) != std::string::npos) return true;
  return false;
}

}  // namespace

namespace {

/// A demangled name up to its parameter list.
std::string without_parameters(std::string_view symbol) {
  std::string name = link::demangle(bare_name(symbol));
  std::size_t depth = 0, cut = name.size();
  for (std::size_t i = name.size(); i-- > 0;) {
    if (name[i] == ')') ++depth;
    if (name[i] == '(' && depth && --depth == 0) {
      cut = i;
      break;
    }
  }
  name.resize(cut);
  return name;
}

std::string without_template_arguments(std::string name) {
  if (std::size_t open = name.find('<'); open != std::string::npos) name.resize(open);
  return name;
}

/// The identifier before a `::` that ends at `end`; empty when the name is not qualified.
std::string_view qualifier_before(std::string_view text, std::size_t end) {
  if (end < 2 || text.substr(end - 2, 2) != "::") return {};
  std::size_t last = end - 2;
  if (last > 0 && text[last - 1] == '>') {
    std::size_t depth = 0;
    for (; last > 0; --last) {
      if (text[last - 1] == '>') ++depth;
      if (text[last - 1] == '<' && --depth == 0) break;
    }
    if (last > 0) --last;
  }
  std::size_t first = last;
  while (first > 0 && name_char(text[first - 1])) --first;
  return text.substr(first, last - first);
}

}  // namespace

std::string plain_function_name(std::string_view symbol) {
  std::string name = without_parameters(symbol);
  std::size_t scope = name.rfind("::");
  if (scope != std::string::npos) name = name.substr(scope + 2);
  return without_template_arguments(std::move(name));
}

std::string scope_of_function(std::string_view symbol) {
  std::string name = without_parameters(symbol);
  std::size_t end = name.rfind("::");
  if (end == std::string::npos) return {};
  name.resize(end);
  name = without_template_arguments(std::move(name));
  std::size_t begin = name.rfind("::");
  return begin == std::string::npos ? name : name.substr(begin + 2);
}

std::optional<SourceDefinition> definition_in(const std::string& path, const std::string& original,
                                              std::string_view name, bool assembly, std::string_view scope) {
  if (name.empty()) return std::nullopt;
  constexpr int most_mentions = 1000;
  std::string text = assembly ? original : without_comments(original);
  BraceDepth depth(text);
  int mentions = 0;
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    if (++mentions > most_mentions) break;
    std::size_t end = at + name.size();
    bool mangled_underscore =
        assembly && at > 0 && text[at - 1] == '_' && (at < 2 || !name_char(text[at - 2]));
    if ((at > 0 && name_char(text[at - 1]) && !mangled_underscore) ||
        (end < text.size() && name_char(text[end])))
      continue;
    bool found = assembly ? is_label(text, at, end) : body_follows(text, end);
    if (!found) continue;
    if (std::string_view qualifier = qualifier_before(text, at); !qualifier.empty() && qualifier != scope)
      continue;
    // A call before a brace-less block can look like a body; a definition stands outside function bodies, or
    // inside namespaces and extern "C" only.
    if (!assembly && depth.at(at) > 0) {
      std::size_t line_start = text.rfind('\n', at);
      std::string_view before(text.data() + (line_start == std::string::npos ? 0 : line_start + 1),
                              at - (line_start == std::string::npos ? 0 : line_start + 1));
      if (is_statement(before)) continue;
    }
    SourceDefinition definition;
    definition.path = path;
    definition.line = 1 + static_cast<std::uint64_t>(
                              std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    std::size_t start = original.rfind('\n', at);
    start = start == std::string::npos ? 0 : start + 1;
    definition.text = original.substr(start, original.find('\n', at) - start);
    find_guard(text, at, definition);
    return definition;
  }
  return std::nullopt;
}

std::vector<std::string> source_directories(const Case& facts) {
  std::vector<std::string> directories;
  std::set<std::string> seen;
  auto add = [&](const std::string& directory) {
    std::error_code error;
    if (directory.empty() || !fs::is_directory(directory, error)) return;
    std::string real = fs::weakly_canonical(directory, error).string();
    if (real == "/" || !seen.insert(real).second) return;
    directories.push_back(directory);
  };
  for (const std::string& directory : facts.directories) add(directory);
  if (!facts.build) return directories;
  for (const build::CMakeTree& tree : facts.build->cmake) add(tree.source_directory);
  for (const build::ConfiguredTree& tree : facts.build->configured) add(tree.source_directory);
  for (const build::CargoTree& tree : facts.build->cargo) {
    for (const build::BuildScriptRun& script : tree.scripts) add(script.source_directory);
    add(tree.workspace);
  }
  return directories;
}

std::vector<SourceDefinition> find_definitions(const Case& facts, std::string_view symbol, In where) {
  constexpr std::size_t most = 8;
  std::vector<SourceDefinition> definitions;
  std::set<std::string> seen;
  std::string plain = plain_function_name(symbol);
  std::string exact(bare_name(symbol)), scope = scope_of_function(symbol);
  for (const std::string& directory : source_directories(facts))
    for (const std::string& word :
         exact == plain ? std::vector<std::string>{exact} : std::vector<std::string>{exact, plain}) {
      std::set<std::string> files;
      for (const build::Occurrence& occurrence : build::search_sources(directory, word, 64))
        files.insert(occurrence.path);
      for (const std::string& path : files) {
        bool assembly = where == In::Sources && is_assembly(path);
        bool wanted = where == In::Headers ? has_suffix(path, header_suffixes)
                                           : assembly || has_suffix(path, c_suffixes);
        std::error_code error;
        if (!wanted || definitions.size() >= most ||
            !seen.insert(fs::weakly_canonical(path, error).string()).second)
          continue;
        if (std::optional<SourceDefinition> found =
                definition_in(path, read_source(path), word, assembly, scope))
          definitions.push_back(std::move(*found));
      }
    }
  return definitions;
}

std::optional<build::Occurrence> rust_declaration(const Case& facts, std::string_view name) {
  std::string text = "fn " + std::string(name) + "(";
  for (const std::string& directory : source_directories(facts))
    for (build::Occurrence& occurrence : build::search_sources(directory, text, 64))
      if (occurrence.path.ends_with(".rs") && occurrence.where.text.find('{') == std::string::npos &&
          occurrence.where.text.find("//") == std::string::npos)
        return std::move(occurrence);
  return std::nullopt;
}

}  // namespace linkdx::diagnose
