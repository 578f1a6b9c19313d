#include "link_exe.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "places.hpp"
#include "quotes.hpp"
#include "text.hpp"

namespace linkdx::log {
namespace {

using Input = InputError::Kind;
constexpr Linker kLink = Linker::MsvcLink;

/// What a message names, in the order in which it names it.
enum class Names {
  Nothing,
  Symbol,      ///< the symbol, and mostly the function that refers to it
  SymbolFile,  ///< the symbol, and the file that has it already
  Path,        ///< a file, in quotation marks
  PlacePath,   ///< no file but the one in front
  Machines,    ///< two machines, in quotation marks: the file's and the output's
  Values,      ///< a key and two values, in quotation marks: the file's and the other's
};

struct Number {
  std::string_view code;
  Names names;
  Pattern pattern;
};

constexpr Number kNumbers[] = {
    {"LNK2019", Names::Symbol, {Event::Undefined, "", kLink}},
    {"LNK2001", Names::Symbol, {Event::Undefined, "", kLink}},
    {"LNK2005", Names::SymbolFile, {Event::Duplicate, "", kLink}},
    {"LNK1104", Names::Path, {Event::Input, "", kLink, Input::FileNotFound}},
    {"LNK1181", Names::Path, {Event::Input, "", kLink, Input::FileNotFound}},
    {"LNK1112", Names::Machines, {Event::Input, "", kLink, Input::Incompatible}},
    {"LNK4272", Names::Machines, {Event::Input, "", kLink, Input::Incompatible}},
    {"LNK2038", Names::Values, {Event::Input, "", kLink, Input::AbiMismatch}},
    {"LNK1107", Names::PlacePath, {Event::Input, "", kLink, Input::Malformed}},
    {"LNK1127", Names::PlacePath, {Event::Input, "", kLink, Input::Malformed}},
    {"LNK1136", Names::PlacePath, {Event::Input, "", kLink, Input::Malformed}},
    {"LNK1143", Names::PlacePath, {Event::Input, "", kLink, Input::Malformed}},
    {"LNK1120", Names::Nothing, {Event::LinkFailed, "", kLink}},
    {"LNK1169", Names::Nothing, {Event::LinkFailed, "", kLink}},
};

/// Errors of any other number: shown as they stand.
constexpr Pattern kOtherError{Event::LinkerError, "", kLink};

/// In languages of Latin letters, the words right before a symbol that looks like a word itself (`deflate`).
/// Source: link.exe's messages as they stand in public logs.
constexpr std::string_view kBeforeSymbol[] = {
    "external symbol ",      "external symbols ",   "externes Symbol ",
    "externe non résolu ",   "externe non rÚsolu ", "simbolo esterno ",
    "externo sin resolver ", "símbolo externo ",    "externo não resolvido ",
};

// No message is longer, nor holds more quotation marks that matter. Both bound the time that a hostile line
// costs.
constexpr std::size_t kLongestMessage = std::size_t{64} << 10;
constexpr int kMostMarks = 64;

bool is_symbol_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '@' || c == '?' || c == '$' ||
         c == '#' || c == '.';
}

/// A word that no language has: an underscore, a digit, a decoration, or a capital inside.
bool looks_like_symbol(std::string_view word) {
  for (std::size_t i = 0; i < word.size(); ++i) {
    bool capital = i > 0 && std::isupper(static_cast<unsigned char>(word[i])) &&
                   std::islower(static_cast<unsigned char>(word[i - 1]));
    if (word[i] == '_' || word[i] == '@' || word[i] == '?' || word[i] == '$' || is_digit(word[i]) || capital)
      return true;
  }
  return false;
}

/// `"void __cdecl f(int)" (?f@@YAXH@Z)`, with " (EC Symbol)" behind it in code for ARM64EC.
std::string_view decorated_at(std::string_view text) {
  if (!text.starts_with("\"")) return {};
  std::size_t open = text.find("\" (");
  std::size_t close = open == std::string_view::npos ? open : text.find(')', open);
  if (close == std::string_view::npos) return {};
  std::string_view rest = text.substr(close + 1);
  return text.substr(0, close + 1 + (rest.starts_with(" (EC Symbol)") ? 12 : 0));
}

/// Symbols in the order of the message: decorated ones, and words that are none of the language.
std::vector<std::string_view> symbols_in(std::string_view message) {
  std::vector<std::string_view> symbols;
  bool latin = true;
  for (unsigned char c : message.substr(0, 32))
    latin &= c < 0xD0;  // Latin letters with marks begin with C3 to C5
  for (std::string_view words : kBeforeSymbol)
    if (std::size_t at = message.find(words); latin && at != std::string_view::npos) {
      std::string_view rest = message.substr(at + words.size());
      if (rest.starts_with("\"")) break;
      std::size_t end = 0;
      while (end < rest.size() && is_symbol_byte(rest[end])) ++end;
      if (rest.substr(end).starts_with(" (EC Symbol)")) end += 12;
      if (end == 0) break;
      symbols.push_back(rest.substr(0, end));
      message = rest.substr(end);
      break;
    }
  int marks = 0;
  for (std::size_t at = 0; at < message.size() && symbols.size() < 2;) {
    bool mark = message[at] == '"' && ++marks <= kMostMarks;
    if (std::string_view decorated = mark ? decorated_at(message.substr(at)) : std::string_view{};
        !decorated.empty()) {
      symbols.push_back(decorated);
      at += decorated.size();
    } else if (is_symbol_byte(message[at])) {
      std::size_t end = at;
      while (end < message.size() && is_symbol_byte(message[end])) ++end;
      std::string_view word = message.substr(at, end - at);
      while (drop_suffix(word, ".")) {
      }
      if (!word.empty() && (!latin || looks_like_symbol(word))) symbols.push_back(word);
      at = end;
    } else {
      ++at;
    }
  }
  return symbols;
}

/// Says that a symbol follows, in words or by its decoration; prose that only speaks of the number does not.
bool names_symbol(std::string_view message) {
  return message.find("\" (") != std::string_view::npos ||
         std::any_of(std::begin(kBeforeSymbol), std::end(kBeforeSymbol),
                     [&](std::string_view words) { return message.find(words) != std::string_view::npos; });
}

std::vector<std::string_view> quotations_in(std::string_view message) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; found.size() < 4;) {
    Quoted quoted = find_quoted(message, at);
    if (!quoted || !quoted.closed) break;
    found.push_back(quoted.text);
    at = quoted.end;
  }
  return found;
}

/// The object or library of LNK2005: the last word that has the form of one.
std::string_view file_in(std::string_view message) {
  std::string_view file;
  for (std::size_t at = 0; at < message.size();) {
    std::size_t end = message.find(' ', at);
    std::string_view word = message.substr(at, end - at);
    while (drop_suffix(word, ".") || drop_suffix(word, "\"")) {
    }
    drop_prefix(word, "\"");
    if (looks_like_object(word)) file = word;
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  return file;
}

/// In languages of Latin letters the sentence ends with the function.
std::string_view last_word(std::string_view message) {
  while (drop_suffix(message, ".")) {
  }
  std::size_t begin = message.size();
  while (begin > 0 && is_symbol_byte(message[begin - 1])) --begin;
  return begin > 0 && message[begin - 1] == ' ' ? message.substr(begin) : std::string_view{};
}

}  // namespace

Match match_link_exe(std::string_view text) {
  Match match;
  text = text.substr(0, kLongestMessage);
  std::size_t at = text.find("LNK");
  if (at == std::string_view::npos) return match;
  const Number* number = nullptr;
  for (const Number& known : kNumbers)
    if (text.substr(at).starts_with(known.code)) number = &known;
  if (!number) {
    bool numbered = text.size() - at > 7 && text[at + 7] == ':' &&
                    std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at) + 3,
                                text.begin() + static_cast<std::ptrdiff_t>(at) + 7, is_digit);
    if (!numbered || !text.substr(0, at).ends_with("error ")) return match;
    match.pattern = &kOtherError;
    match.place = trim(text.substr(0, at));
    match.weight = 12;
    return match;
  }
  std::string_view message = text.substr(at + number->code.size());
  std::string_view place = trim(text.substr(0, at));
  // The list of errors, copied from the editor: its columns stand behind tabs, or behind what a page makes of
  // them.
  std::string_view gap = message.starts_with("\t") ? "\t" : "  ";
  bool table = message.starts_with(gap);
  const bool one_blank =
      !table && message.starts_with(" ") && !place.empty() && place.find(' ') == place.npos;
  if (!table && !one_blank && !message.starts_with(":")) return match;
  message.remove_prefix(table ? gap.size() : 1);
  // The list's columns: message, project, file, line. Some editions leave the colon and put the columns
  // behind.
  std::size_t column_at = message.find(table ? gap : "\t");
  if (column_at != std::string_view::npos) {
    gap = table ? gap : "\t";
    for (std::string_view columns = message.substr(column_at); !columns.empty();) {
      columns.remove_prefix(gap.size());
      std::string_view column = columns.substr(0, columns.find(gap));
      if (looks_like_object(trim(column))) place = trim(column);
      columns.remove_prefix(column.size());
    }
    message = message.substr(0, column_at);
  } else if (table) {
    place = {};
  } else if (one_blank) {
    place = file_in(message);
  }
  message = trim(message);
  // Words whose encoding was lost on the way; a decorated name has letters behind its question mark.
  while (message.starts_with("?") && message.find(' ') != std::string_view::npos &&
         message.find_first_not_of('?') == message.find(' '))
    message = trim(message.substr(message.find(' ')));
  std::vector<std::string_view> quoted;
  if (number->names == Names::Path || number->names == Names::Machines || number->names == Names::Values)
    quoted = quotations_in(message);
  Fields& fields = match.fields;
  switch (number->names) {
    case Names::Nothing:
      break;
    case Names::Symbol:
    case Names::SymbolFile: {
      std::vector<std::string_view> symbols;
      // In every language the symbol that is there already begins the sentence.
      if (number->names == Names::SymbolFile && !message.starts_with("\"")) {
        std::size_t end = 0;
        while (end < message.size() && is_symbol_byte(message[end])) ++end;
        if (end > 0) symbols.push_back(message.substr(0, end));
      }
      if (symbols.empty()) symbols = symbols_in(message);
      if (symbols.empty() || (one_blank && !names_symbol(message))) return match;
      fields.name = symbols[0];
      if (number->names == Names::SymbolFile)
        fields.other = file_in(message);
      else if (symbols.size() > 1 && !one_blank)
        fields.function = symbols[1];
      else if (number->code == "LNK2019" && !one_blank)
        fields.function = last_word(message);
      break;
    }
    case Names::Path:
      if (quoted.empty()) return match;
      fields.path = quoted[0];
      break;
    case Names::Machines:
      if (quoted.size() < 2) return match;
      fields.found = quoted[0];
      fields.expected = quoted[1];
      break;
    case Names::Values:
      if (quoted.size() < 3) return match;
      fields.subject = quoted[0];
      fields.found = quoted[1];
      fields.expected = quoted[2];
      break;
    case Names::PlacePath:
      break;
  }
  match.pattern = &number->pattern;
  match.place = place;
  match.weight = number->code.size() + 8;
  return match;
}

}  // namespace linkdx::log
