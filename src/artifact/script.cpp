// See script.hpp.

#include "script.hpp"

#include <algorithm>
#include <array>

#include "linkdx/language.hpp"

namespace linkdx::artifact {

namespace {

constexpr std::string_view blanks = " \t\r\n\f\v";

struct Token {
  std::string_view text;
  bool quoted = false;
  bool is(std::string_view what) const { return !quoted && text == what; }
};

/// Words, quoted strings, and the punctuation that ends a word.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : rest_(text) {}

  std::optional<Token> next() {
    if (!skip_blanks() || rest_.empty()) return std::nullopt;
    if (rest_.front() == '"') {
      const std::size_t end = rest_.find('"', 1);
      if (end == std::string_view::npos) {
        unclosed_ = true;
        return std::nullopt;
      }
      const Token token{rest_.substr(1, end - 1), true};
      rest_.remove_prefix(end + 1);
      return token;
    }
    constexpr std::string_view punctuation = "(){},;";
    std::size_t length = 1;
    if (punctuation.find(rest_.front()) == std::string_view::npos) {
      length = std::min(rest_.find_first_of(" \t\r\n\f\v(){},;\""), rest_.size());
    }
    const Token token{rest_.substr(0, length)};
    rest_.remove_prefix(length);
    return token;
  }

  bool unclosed() const { return unclosed_; }

 private:
  bool skip_blanks() {
    while (true) {
      rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size()));
      if (!rest_.starts_with("/*")) return true;
      const std::size_t end = rest_.find("*/", 2);
      if (end == std::string_view::npos) {
        unclosed_ = true;
        return false;
      }
      rest_.remove_prefix(end + 2);
    }
  }

  std::string_view rest_;
  bool unclosed_ = false;
};

/// Commands that may stand at the top of a script. Those that name no inputs only show that it is one.
constexpr std::array<std::string_view, 17> commands = {
    "INPUT",   "GROUP",   "OUTPUT_FORMAT", "OUTPUT_ARCH", "SEARCH_DIR", "ENTRY",
    "STARTUP", "TARGET",  "EXTERN",        "SECTIONS",    "MEMORY",     "PHDRS",
    "VERSION", "PROVIDE", "ASSERT",        "INSERT",      "OUTPUT"};

}  // namespace

bool is_text(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, 4096);
  return !start.empty() && std::none_of(start.begin(), start.end(), [](char c) {
    return static_cast<unsigned char>(c) < 32 && blanks.find(c) == std::string_view::npos;
  });
}

std::optional<Script> read_script(std::string_view text) {
  if (!is_text(text)) return std::nullopt;
  Lexer lexer(text);
  Script script;
  bool recognised = false;
  int depth = 0;  // of parentheses and braces
  bool naming_inputs = false;
  int as_needed_depth = -1;  // depth inside AS_NEEDED ( ), -1 outside
  bool as_needed_next = false;
  bool library_next = false;  // after a lone -l
  std::string_view command;
  while (const std::optional<Token> token = lexer.next()) {
    if (token->is("(") || token->is("{")) {
      ++depth;
      if (as_needed_next) as_needed_depth = depth;
      as_needed_next = false;
    } else if (token->is(")") || token->is("}")) {
      if (depth == as_needed_depth) as_needed_depth = -1;
      depth = std::max(0, depth - 1);
      if (depth == 0) naming_inputs = false;
    } else if (depth == 0) {
      if (token->is(";") || token->is(",")) continue;
      command = token->text;
      const bool known =
          !token->quoted && std::find(commands.begin(), commands.end(), command) != commands.end();
      if (!recognised && !known) return std::nullopt;  // the first word decides
      recognised = true;
      naming_inputs = token->is("INPUT") || token->is("GROUP") || token->is("STARTUP");
    } else if (naming_inputs && !token->is(",")) {
      if (token->is("AS_NEEDED")) {
        as_needed_next = true;
      } else if (token->is("-l")) {
        library_next = true;
      } else {
        script.inputs.push_back(
            {(library_next ? "-l" : "") + std::string(token->text), as_needed_depth >= 0});
        library_next = false;
      }
    }
  }
  if (!recognised) return std::nullopt;
  if (lexer.unclosed())
    script.faults.push_back(say("linker script: a comment or a string is not closed"));
  else if (depth != 0)
    script.faults.push_back(say("linker script: a parenthesis is not closed"));
  return script;
}

std::vector<std::string> split_response(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == 0 && blanks.find(c) != std::string_view::npos) {
      if (in_word) words.push_back(std::move(word));
      word.clear();
      in_word = false;
      continue;
    }
    in_word = true;
    if (c == '\\' && i + 1 < text.size())
      word += text[++i];  // libiberty: a backslash counts within quotes too
    else if (quote != 0 && c == quote)
      quote = 0;
    else if (quote == 0 && (c == '"' || c == '\''))
      quote = c;
    else
      word += c;
  }
  if (in_word) words.push_back(std::move(word));
  return words;
}

}  // namespace linkdx::artifact
