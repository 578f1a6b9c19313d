// build.ninja: what meson, CMake, GN and others write for ninja. An edge makes outputs from inputs by a rule,
// whose command has variables; the edge's own come first, then the file's:
//
//   rule c_COMPILER
//    command = cc $ARGS -MD -MQ $out -MF $DEPFILE -o $out -c $in
//   build app.p/main.c.o: c_COMPILER ../main.c | rows.h || generated
//    ARGS = -mavx2 -O2
//
// What stands behind `|` are implicit inputs or outputs, behind `||` those that only come first: none of them
// is a source. `$` at the end of a line joins it to the next; `$$`, `$ ` and `$:` stand for the sign itself.
// .ninja_log has a line for each output that a command has made: start, end, time stamp, output, hash of the
// command. Source: https://ninja-build.org/manual.html, section "Ninja file reference"; ninja's
// src/build_log.cc (versions 5 to 7 of the log).
#include "ninja_files.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "commands.hpp"
#include "files.hpp"
#include "linkdx/log.hpp"

namespace linkdx::build {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

// A hostile file may name a variable in itself, or double it at each step.
constexpr int most_expansions = 8;
constexpr std::size_t longest_command = std::size_t{256} << 10;
constexpr std::size_t most_edges = 200'000;

std::string_view trim(std::string_view text) {
  std::size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos) return "";
  return text.substr(start, text.find_last_not_of(" \t") + 1 - start);
}

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

struct Scope {
  const Variables* edge;
  const Variables* rule;
  const Variables* file;
  const std::string* find(std::string_view name) const {
    for (const Variables* variables : {edge, rule, file})
      if (variables)
        if (auto found = variables->find(name); found != variables->end()) return &found->second;
    return nullptr;
  }
};

void expand(std::string_view text, const Scope& scope, int depth, std::string& result) {
  for (std::size_t i = 0; i < text.size() && result.size() < longest_command; ++i) {
    if (text[i] != '$' || i + 1 == text.size()) {
      result += text[i];
      continue;
    }
    std::size_t begin = i + 1, end = begin;
    if (text[begin] == '{') {
      end = text.find('}', ++begin);
      if (end == std::string_view::npos) return;
      i = end;
    } else {
      while (end < text.size() && is_name_byte(text[end])) ++end;
      if (end == begin) {  // `$$`, `$ `, `$:`
        result += text[begin];
        i = begin;
        continue;
      }
      i = end - 1;
    }
    if (const std::string* value = scope.find(text.substr(begin, end - begin));
        value && depth < most_expansions)
      expand(*value, scope, depth + 1, result);
  }
}

/// Lines with their continuations joined, and the number of the first.
class Statements {
 public:
  explicit Statements(std::string_view text) : lines_(text) {}
  bool next(std::string& statement, std::uint64_t& number) {
    std::string_view line;
    if (!lines_.next(line)) return false;
    number = lines_.number();
    statement = line;
    while (ends_with_dollar(statement) && lines_.next(line)) {
      statement.pop_back();
      std::size_t start = line.find_first_not_of(' ');
      if (start != std::string_view::npos && statement.size() < longest_command)
        statement += line.substr(start);
    }
    return true;
  }

 private:
  static bool ends_with_dollar(const std::string& text) {
    std::size_t dollars = 0;
    while (dollars < text.size() && text[text.size() - 1 - dollars] == '$') ++dollars;
    return dollars % 2 == 1;
  }
  Lines lines_;
};

/// `NAME = VALUE`
bool read_variable(std::string_view line, std::string& name, std::string& value) {
  std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return false;
  name = std::string(trim(line.substr(0, equals)));
  value = std::string(trim(line.substr(equals + 1)));
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_name_byte(c) || c == '.'; });
}

/// The part before the first `|` that no `$` goes before.
std::string_view explicit_part(std::string_view paths) {
  for (std::size_t at = paths.find('|'); at != std::string_view::npos; at = paths.find('|', at + 1))
    if (at == 0 || paths[at - 1] == ' ') return paths.substr(0, at);
  return paths;
}

/// The colon between outputs and rule: a `$:` is part of a path, and so is one before no blank.
std::size_t rule_colon(std::string_view line) {
  for (std::size_t at = line.find(':'); at != std::string_view::npos; at = line.find(':', at + 1))
    if (at > 0 && line[at - 1] != '$' && at + 1 < line.size() && line[at + 1] == ' ') return at;
  return std::string_view::npos;
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {}

  void read(std::string_view text, bool edges) {
    Statements statements(text);
    std::string line, name, value;
    std::uint64_t number = 0;
    while (statements.next(line, number)) {
      if (line.starts_with(' ') || line.starts_with('\t')) {
        if (trim(line).starts_with("#") || !read_variable(line, name, value)) continue;
        if (open_rule_)
          (*open_rule_)[name] = value;
        else if (open_edge_)
          edge_.insert_or_assign(name, value);
        continue;
      }
      close();
      if (line.starts_with("rule "))
        open_rule_ = &rules_[std::string(trim(std::string_view(line).substr(5)))];
      else if (edges && line.starts_with("build "))
        open(line, number);
      else if (line.starts_with("include ") || line.starts_with("subninja "))
        build_.included.emplace_back(trim(std::string_view(line).substr(line.find(' '))));
      else if (!line.starts_with('#') && !line.starts_with("build ") && !line.starts_with("pool ") &&
               !line.starts_with("default ") && read_variable(line, name, value))
        file_.insert_or_assign(name, value);
    }
    close();
  }

  NinjaBuild take() { return std::move(build_); }

 private:
  void open(const std::string& line, std::uint64_t number) {
    std::size_t colon = rule_colon(line);
    if (colon == std::string::npos || ++edges_ > most_edges) return;
    std::string_view inputs = trim(std::string_view(line).substr(colon + 1));
    std::size_t space = inputs.find(' ');
    auto rule = rules_.find(inputs.substr(0, space));
    if (rule == rules_.end() || space == std::string_view::npos) return;
    open_edge_ = &rule->second;
    edge_.clear();
    edge_.emplace("in", path_list(inputs.substr(space)));
    edge_.emplace("out", path_list(std::string_view(line).substr(6, colon - 6)));
    where_ = {number, line.substr(0, 4096)};
  }

  void close() {
    open_rule_ = nullptr;
    const Variables* rule = std::exchange(open_edge_, nullptr);
    if (!rule) return;
    Scope scope{&edge_, rule, &file_};
    const std::string* command = scope.find("command");
    if (!command) return;
    std::string words;
    expand(*command, scope, 0, words);
    Compile edge;
    std::string_view rest = words;
    if (rest.starts_with("cd "))  // `cd /dir && cc ...`
      if (std::size_t and_then = rest.find(" && "); and_then != std::string_view::npos) {
        std::vector<std::string> change = log::split_command(rest.substr(0, and_then));
        if (change.size() == 2) edge.directory = change[1];
        rest.remove_prefix(and_then + 4);
      }
    if (rest.starts_with(": && ")) rest.remove_prefix(5);
    edge.arguments = log::split_command(rest);
    edge.where = where_;
    edge.path = path_;
    bool compiles = is_compile(edge.arguments);
    read_files(edge);
    bool object = edge.object.ends_with(".o") || edge.object.ends_with(".obj");
    if (compiles && object)
      build_.compiles.push_back(std::move(edge));
    else if (!compiles && !edge.object.empty() && !object && names_objects(edge.arguments))
      build_.links.push_back(std::move(edge));
  }

  /// Paths are expanded where they stand, by the file's variables alone; what comes of it holds no more
  /// variables.
  std::string path_list(std::string_view paths) const {
    std::string expanded, result;
    expand(trim(explicit_part(paths)), Scope{nullptr, nullptr, &file_}, 0, expanded);
    for (char c : expanded) {
      if (c == '$') result += '$';
      result += c;
    }
    return result;
  }

  static bool names_objects(const std::vector<std::string>& words) {
    return std::any_of(words.begin(), words.end(), [](const std::string& word) {
      return word.ends_with(".o") || word.ends_with(".obj") || word.ends_with(".a");
    });
  }

  const std::string& path_;
  Variables file_, edge_;
  std::map<std::string, Variables, std::less<>> rules_;
  Variables* open_rule_ = nullptr;
  const Variables* open_edge_ = nullptr;  // its rule
  Excerpt where_;
  std::size_t edges_ = 0;
  NinjaBuild build_;
};

}  // namespace

NinjaBuild read_ninja(std::string_view text, std::string_view rules, const std::string& path) {
  Reader reader(path);
  if (!rules.empty()) reader.read(rules, false);
  reader.read(text, true);
  return reader.take();
}

std::set<std::string> read_ninja_log(std::string_view text) {
  std::set<std::string> made;
  Lines lines(text);
  for (std::string_view line; lines.next(line);) {
    if (line.starts_with('#')) continue;
    for (int field = 0; field < 3 && !line.empty(); ++field) {
      std::size_t tab = line.find('\t');
      line.remove_prefix(tab == std::string_view::npos ? line.size() : tab + 1);
    }
    std::string_view output = line.substr(0, line.find('\t'));
    if (!output.empty()) made.emplace(output);
  }
  return made;
}

void mark_made(std::vector<Compile>& compiles, const std::set<std::string>& made) {
  for (Compile& compile : compiles)
    if (made.contains(compile.object)) compile.result = Compile::Result::Succeeded;
}

}  // namespace linkdx::build
