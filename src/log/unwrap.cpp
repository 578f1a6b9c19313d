#include "unwrap.hpp"

#include "places.hpp"
#include "text.hpp"

namespace linkdx::log {
namespace {

// Control sequences: ESC [ ... final byte, ESC ] ... BEL, and two-byte escapes. Other control bytes but the
// tab are dropped as well. Logs copied from a web page may have lost the ESC: `[0m` alone is not touched.
bool strip_escapes(std::string_view line, std::string& out) {
  bool dirty = false;
  for (char c : line)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) {
      dirty = true;
      break;
    }
  if (!dirty) return false;
  out.clear();
  for (std::size_t i = 0; i < line.size(); ++i) {
    unsigned char byte = static_cast<unsigned char>(line[i]);
    if (byte == 0x1b) {
      if (i + 1 < line.size() && line[i + 1] == '[') {
        i += 2;
        while (i < line.size() && !(line[i] >= '@' && line[i] <= '~')) ++i;
      } else if (i + 1 < line.size() && line[i + 1] == ']') {
        i += 2;
        while (i < line.size() && line[i] != '\a' && line[i] != '\x1b') ++i;
        if (i + 1 < line.size() && line[i] == '\x1b') ++i;
      } else {
        ++i;
      }
      continue;
    }
    // What a carriage return overwrote was progress.
    if (byte == '\r' && i + 1 < line.size()) {
      out.clear();
      continue;
    }
    if (byte >= 0x20 && byte != 0x7f)
      out += line[i];
    else if (byte == '\t')
      out += '\t';
  }
  return true;
}

// A run of digits and the marks of a date or time, with at least one colon between digits: `19:02:42`,
// `2024-01-02T03:04:05.1234567Z`, `2024-01-02 03:04:05,123`.
std::size_t time_length(std::string_view text) {
  std::size_t i = 0, colons = 0, digits = 0;
  while (i < text.size() && i < 40) {
    char c = text[i];
    if (is_digit(c))
      ++digits;
    else if (c == ':' && i + 1 < text.size() && is_digit(text[i + 1]))
      ++colons;
    else if (c == '-' || c == '.' || c == ',' || c == '+' || c == '/') {
      if (digits == 0) return 0;
    } else if (c == 'T' || c == 'Z') {
      if (digits < 4) return 0;
    } else if (c == ' ') {
      // A date and a time with a blank between.
      if (colons > 0 || digits < 6 || i + 1 >= text.size() || !is_digit(text[i + 1])) break;
    } else {
      break;
    }
    ++i;
  }
  return colons >= 1 && digits >= 6 ? i : 0;
}

bool drop_time(std::string_view& text) {
  std::string_view rest = text;
  bool bracket = drop_prefix(rest, "[");
  std::size_t length = time_length(rest);
  if (length == 0) return false;
  rest.remove_prefix(length);
  if (bracket && !drop_prefix(rest, "]")) return false;
  if (!rest.empty() && rest[0] != ' ' && rest[0] != '\t') return false;
  if (!rest.empty()) rest.remove_prefix(1);
  text = rest;
  return true;
}

// `#12 3.456 text` and `#12 text`.
bool drop_docker(std::string_view& text, std::string& stream) {
  if (text.size() < 3 || text[0] != '#' || !is_digit(text[1])) return false;
  std::string_view rest = text.substr(1);
  std::uint64_t step;
  if (!take_number(rest, step) || !drop_prefix(rest, " ")) return false;
  stream = "#" + std::to_string(step);
  std::string_view after = rest;
  std::uint64_t whole, part;
  if (take_number(after, whole) && drop_prefix(after, ".") && take_number(after, part) &&
      (after.empty() || after[0] == ' ' || after[0] == '\t')) {
    if (!after.empty()) after.remove_prefix(1);
    rest = after;
  }
  text = rest;
  return true;
}

// `3.456 text` of BuildKit's summary.
bool drop_seconds(std::string_view& text) {
  std::string_view rest = text;
  std::uint64_t whole, part;
  if (!take_number(rest, whole) || !drop_prefix(rest, ".")) return false;
  std::size_t before = rest.size();
  if (!take_number(rest, part)) return false;
  std::size_t digits = before - rest.size();
  if (digits < 2 || digits > 4 || !drop_prefix(rest, " ")) return false;
  text = rest;
  return true;
}

// What build tools and CI systems put before each line: npm, Maven and Ant, Fedora's mock, CMake for Gradle,
// the CMake extension of Visual Studio Code.
constexpr std::string_view kPrefixes[] = {"npm ERR! ", "npm error ", "[INFO] ",      "[WARNING] ", "[ERROR] ",
                                          "[DEBUG] ",  "[stderr] ",  "[stdout] ",    "[exec] ",    "[build] ",
                                          "[proc] ",   "C/C++: ",    "BUILDSTDERR: "};

bool drop_known(std::string_view& text) {
  for (std::string_view prefix : kPrefixes)
    if (drop_prefix(text, prefix)) return true;
  return false;
}

// `[   63s] text` of the Open Build Service.
bool drop_elapsed(std::string_view& text) {
  std::string_view rest = text;
  std::uint64_t seconds;
  if (!drop_prefix(rest, "[")) return false;
  rest = trim_left(rest);
  if (!take_number(rest, seconds) || !drop_prefix(rest, "s] ")) return false;
  text = rest;
  return true;
}

// `1>text`: MSBuild's number of the project.
bool drop_project(std::string_view& text) {
  std::string_view rest = text;
  std::uint64_t project;
  std::size_t before = rest.size();
  if (!take_number(rest, project) || before - rest.size() > 3 || !drop_prefix(rest, ">")) return false;
  if (rest.starts_with("&") || rest.starts_with("=") || (rest.starts_with(">") && !rest.starts_with(">>> ")))
    return false;
  text = rest;
  return true;
}

// `build<tab>Run make<tab>2024-01-02T03:04:05.123Z text`: job and step, as GitHub's command line prints a
// log.
bool drop_job(std::string_view& text) {
  std::size_t first = text.substr(0, 128).find('\t');
  if (first == std::string_view::npos) return false;
  std::size_t second = text.substr(0, 256).find('\t', first + 1);
  if (second == std::string_view::npos) return false;
  std::string_view rest = text.substr(second + 1);
  if (!drop_time(rest)) return false;
  text = rest;
  return true;
}

// `>> 13    text`: spack's number of a line that it takes for an error.
bool drop_spack(std::string_view& text) {
  std::string_view rest = text;
  std::uint64_t number;
  if (!drop_prefix(rest, ">> ") || !take_number(rest, number) || !drop_prefix(rest, "  ")) return false;
  text = trim_left(rest);
  return true;
}

// GitLab's runner marks the stream behind the time: `01O text`, and `01E+text` for what goes on with the line
// before.
void drop_stream_mark(std::string_view& text) {
  auto is_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  if (text.size() >= 4 && is_hex(text[0]) && is_hex(text[1]) && (text[2] == 'O' || text[2] == 'E') &&
      (text[3] == ' ' || text[3] == '+'))
    text.remove_prefix(4);
}

// ` 503 | text`: the lines of a log, numbered by whoever shows them. A compiler's echo of the source has the
// same form, but no source line holds a linker's name or place.
bool drop_line_number(std::string_view& text) {
  std::string_view rest = text;
  std::uint64_t number;
  if (!take_number(rest, number) || !drop_prefix(rest, " | ")) return false;
  std::string_view inner = trim_left(rest);
  bool by_linker = linker_prefix(inner) || inner.starts_with("collect2: ") || inner.starts_with(">>> ") ||
                   contains(inner, ":(.text") || contains(inner, ": undefined reference to ") ||
                   contains(inner, " error LNK") || inner.starts_with("error: linking with ");
  if (!by_linker) return false;
  text = rest;
  return true;
}

// `  596 | code`: a compiler's echo of the source. It is text of the user's, not a message.
bool is_source_echo(std::string_view text) {
  std::uint64_t number;
  std::string_view rest = text;
  return take_number(rest, number) && (rest.starts_with(" |") || rest.starts_with("|"));
}

}  // namespace

Unwrapped unwrap(std::string_view line, std::string& storage) {
  Unwrapped result;
  if (strip_escapes(line, storage)) line = storage;
  drop_prefix(line, "\xef\xbb\xbf");
  std::string_view text = trim_right(line);
  for (int layer = 0; layer < 6; ++layer) {
    std::string_view before = text;
    std::string_view inner = trim_left(text);
    if (drop_docker(inner, result.stream))
      text = inner;
    else if (drop_time(inner)) {
      drop_stream_mark(inner);
      text = inner;
    } else if (drop_known(inner) || drop_elapsed(inner) || drop_spack(inner) || drop_job(inner) ||
               drop_project(inner) || drop_line_number(inner))
      text = inner;
    else if (layer == 0 && inner.size() == text.size() && drop_seconds(inner)) {
      text = inner;
      result.excerpt = true;
    } else if (drop_prefix(inner, "##[error]") || drop_prefix(inner, "##[warning]") ||
               drop_prefix(inner, "::error::"))
      text = inner;
    else if (drop_prefix(inner, "= note: ") || drop_prefix(inner, "= help: "))
      text = inner;
    else if (inner.starts_with(">") && !inner.starts_with(">>") && !inner.starts_with("> ["))
      text = inner.substr(1);
    else if (inner.starts_with("> >") || (inner.starts_with(">> ") && !inner.starts_with(">>>")))
      text = inner.substr(2);
    else if (drop_prefix(inner, "| ") || drop_prefix(inner, "# ") || drop_prefix(inner, "|\t") ||
             drop_prefix(inner, "#\t"))
      text = inner;
    else if (drop_prefix(inner, "E   ") || drop_prefix(inner, "// ") || drop_prefix(inner, "* "))
      text = inner;
    if (text == before) break;
  }
  result.indented = !text.empty() && is_blank(text[0]);
  result.text = trim_left(text);
  if (is_source_echo(result.text)) result.text = {};
  return result;
}

}  // namespace linkdx::log
