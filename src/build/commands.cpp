// What a command line says of itself: is it a compile, of which source, into which object. And the spelling
// in which cc-rs records one: Rust's `{:?}` of std::process::Command
// (library/std/src/sys/process/unix/common.rs in the Rust sources). CMake writes lines for a shell; log/
// splits those.
#include "commands.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "files.hpp"

namespace linkdx::build {
namespace {

// Extensions that GCC's and clang's drivers, nasm and MSVC take for a source: `gcc --help`, section
// "Options Controlling the Kind of Output" of the GCC manual.
constexpr std::array source_extensions = {
    std::string_view("c"),   std::string_view("cc"),  std::string_view("cp"),   std::string_view("cpp"),
    std::string_view("cxx"), std::string_view("c++"), std::string_view("C"),    std::string_view("CPP"),
    std::string_view("m"),   std::string_view("mm"),  std::string_view("s"),    std::string_view("S"),
    std::string_view("sx"),  std::string_view("asm"), std::string_view("nasm"), std::string_view("cu"),
    std::string_view("f"),   std::string_view("f90"), std::string_view("F"),    std::string_view("F90"),
    std::string_view("ll"),  std::string_view("i"),   std::string_view("ii"),   std::string_view("hip")};

// Flags whose value is the next word and may look like a source.
constexpr std::array flags_with_value = {
    std::string_view("-o"),       std::string_view("-I"),      std::string_view("-include"),
    std::string_view("-isystem"), std::string_view("-MF"),     std::string_view("-MT"),
    std::string_view("-MQ"),      std::string_view("-D"),      std::string_view("-U"),
    std::string_view("-x"),       std::string_view("-iquote"), std::string_view("-idirafter"),
    std::string_view("-imacros"), std::string_view("-Xclang"), std::string_view("-arch"),
    std::string_view("-target")};

// Assemblers that compile without being told to by -c.
constexpr std::array assemblers = {std::string_view("nasm"),     std::string_view("yasm"),
                                   std::string_view("as"),       std::string_view("ml"),
                                   std::string_view("ml64"),     std::string_view("armasm"),
                                   std::string_view("armasm64"), std::string_view("llvm-mc")};

bool has_source_extension(std::string_view word) {
  std::size_t dot = word.find_last_of('.');
  if (dot == std::string_view::npos || dot == 0 || word.find('/', dot) != std::string_view::npos)
    return false;
  std::string_view extension = word.substr(dot + 1);
  return std::find(source_extensions.begin(), source_extensions.end(), extension) != source_extensions.end();
}

// `aarch64-linux-gnu-as`, `/usr/bin/nasm`, `ml64.exe`
bool is_assembler(std::string_view program) {
  std::string name = base_name(program);
  if (name.ends_with(".exe")) name.resize(name.size() - 4);
  return std::any_of(assemblers.begin(), assemblers.end(), [&](std::string_view known) {
    return name == known || (name.size() > known.size() && name.ends_with(known) &&
                             name[name.size() - known.size() - 1] == '-');
  });
}

void append_utf8(std::string& to, std::uint32_t code) {
  if (code < 0x80) {
    to += static_cast<char>(code);
  } else if (code < 0x800) {
    to += static_cast<char>(0xc0 | code >> 6);
    to += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    to += static_cast<char>(0xe0 | code >> 12);
    to += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    to += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    to += static_cast<char>(0xf0 | (code >> 18 & 7));
    to += static_cast<char>(0x80 | (code >> 12 & 0x3f));
    to += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    to += static_cast<char>(0x80 | (code & 0x3f));
  }
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
  });
}

void skip_spaces(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
}

}  // namespace

std::optional<std::string> take_rust_string(std::string_view& text) {
  if (text.empty() || text.front() != '"') return std::nullopt;
  std::string value;
  std::size_t at = 1;
  while (at < text.size() && text[at] != '"') {
    if (text[at] != '\\' || at + 1 == text.size()) {
      value += text[at++];
      continue;
    }
    char escape = text[at + 1];
    at += 2;
    switch (escape) {
      case 'n':
        value += '\n';
        break;
      case 't':
        value += '\t';
        break;
      case 'r':
        value += '\r';
        break;
      case '0':
        value += '\0';
        break;
      case 'x':  // \xNN
        if (at + 1 < text.size() && hex_digit(text[at]) >= 0 && hex_digit(text[at + 1]) >= 0) {
          value += static_cast<char>(hex_digit(text[at]) * 16 + hex_digit(text[at + 1]));
          at += 2;
        }
        break;
      case 'u': {  // \u{1f600}
        std::size_t close = text.find('}', at);
        if (at >= text.size() || text[at] != '{' || close == std::string_view::npos || close - at > 8) break;
        std::uint32_t code = 0;
        for (std::size_t i = at + 1; i < close; ++i)
          code = code * 16 + static_cast<std::uint32_t>(std::max(0, hex_digit(text[i])));
        append_utf8(value, code);
        at = close + 1;
        break;
      }
      default:
        value += escape;
    }
  }
  if (at >= text.size()) return std::nullopt;  // cut off: half a word is no word
  text.remove_prefix(at + 1);
  return value;
}

std::optional<RustCommand> read_rust_command(std::string_view text) {
  RustCommand command;
  skip_spaces(text);
  if (text.starts_with("cd \"")) {
    text.remove_prefix(3);
    std::optional<std::string> directory = take_rust_string(text);
    if (!directory) return std::nullopt;
    command.directory = std::move(*directory);
    if (!text.starts_with(" && ")) return std::nullopt;
    text.remove_prefix(4);
  }
  if (text.starts_with("env ")) {  // `env -i `, `env -u NAME -u NAME `
    text.remove_prefix(4);
    while (text.starts_with("-")) {
      std::size_t words = text.starts_with("-u ") ? 2 : 1;
      for (; words > 0 && !text.empty(); --words) {
        std::size_t space = text.find(' ');
        text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
      }
    }
  }
  while (!text.empty() && text.front() != '"') {  // VAR="value"
    std::size_t equals = text.find("=\"");
    if (equals == std::string_view::npos || !is_name(text.substr(0, equals))) return std::nullopt;
    std::string name(text.substr(0, equals));
    text.remove_prefix(equals + 1);
    std::optional<std::string> value = take_rust_string(text);
    if (!value) return std::nullopt;
    command.environment.push_back(name + "=" + *value);
    skip_spaces(text);
  }
  while (!text.empty() && text.front() == '"') {
    std::optional<std::string> word = take_rust_string(text);
    if (!word) break;
    command.arguments.push_back(std::move(*word));
    if (!text.starts_with(" \"")) break;
    text.remove_prefix(1);
  }
  if (command.arguments.empty()) return std::nullopt;
  command.rest = std::string(text);
  return command;
}

void read_files(Compile& compile) {
  const std::vector<std::string>& words = compile.arguments;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "-o" && i + 1 < words.size()) {
      compile.object = words[++i];
    } else if (word.size() > 3 && (word.starts_with("-Fo") || word.starts_with("/Fo"))) {
      compile.object = word.substr(3);
    } else if (std::find(flags_with_value.begin(), flags_with_value.end(), word) != flags_with_value.end()) {
      ++i;
    } else if (!word.starts_with("-") && has_source_extension(word)) {
      compile.source = word;
    } else if (word.size() > 2 && word.starts_with("-o") && !word.starts_with("-obj")) {
      compile.object = word.substr(2);
    }
  }
}

bool is_compile(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return false;
  Compile probe;
  probe.arguments = arguments;
  read_files(probe);
  if (probe.source.empty()) return false;
  if (is_assembler(arguments.front())) return true;
  return std::any_of(arguments.begin() + 1, arguments.end(), [](const std::string& word) {
    return word == "-c" || word == "/c" || word == "-S" || word == "-E";
  });
}

bool is_tool_error(std::string_view line) {
  // The speaker stands first, without spaces unless it is a file name: `cc1: error:`, `a b.c:3: error:`.
  for (std::string_view word : {std::string_view(": error: "), std::string_view(": fatal error: "),
                                std::string_view(": Error: "), std::string_view(": Fatal error: ")}) {
    std::size_t at = line.find(word);
    if (at == std::string_view::npos || at == 0) continue;
    std::string_view speaker = line.substr(0, at);
    if (speaker.find(' ') == std::string_view::npos) return true;
    if (std::isdigit(static_cast<unsigned char>(speaker.back())) &&
        speaker.find(':') != std::string_view::npos)
      return true;
  }
  return false;
}

}  // namespace linkdx::build
