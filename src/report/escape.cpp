// Escaping: how text that nobody vouches for becomes text that can be shown.
//
// A symbol name is whatever bytes a compiler wrote, and a log is whatever bytes a build printed. Shown raw,
// they can move a terminal's cursor (ECMA-48 control sequences, in C0 and in C1 form), reverse the reading
// order
// ("Trojan Source", Unicode Technical Report 36: the bidirectional controls), hide (zero-width characters),
// break out of a Markdown code span, or become HTML. Here each such character is replaced by a printed form
// that still says which one it was. Which characters are printable is Unicode's general category, as LLVM's
// tables have it; what has meaning in Markdown is the CommonMark and GitHub Flavored Markdown specifications.
#include "escape.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include <llvm/Support/ConvertUTF.h>
#include <llvm/Support/Unicode.h>

#include "linkdx/language.hpp"
#include "linkdx/report.hpp"

namespace linkdx::report {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t length = 0;  ///< in bytes
};

/// The character at the start of the text; nothing when the bytes are not UTF-8.
std::optional<Character> decode(std::string_view text) {
  const auto* begin = reinterpret_cast<const llvm::UTF8*>(text.data());
  const llvm::UTF8* position = begin;
  llvm::UTF32 code = 0;
  if (llvm::convertUTF8Sequence(&position, begin + text.size(), &code, llvm::strictConversion) !=
      llvm::conversionOK) {
    return std::nullopt;
  }
  return Character{code, static_cast<std::size_t>(position - begin)};
}

std::string hex(std::uint32_t value, unsigned digits) {
  std::string text;
  for (unsigned shift = 32; shift > 0;) {
    shift -= 4;
    const std::uint32_t digit = (value >> shift) & 0xf;
    if (digit != 0 || !text.empty() || shift < 4 * digits) text += "0123456789abcdef"[digit];
  }
  return text;
}

/// Printable ASCII, the whole of nearly every text.
bool is_plain(char c) {
  return c >= 0x20 && c < 0x7f;
}

/// Characters that show as nothing although Unicode counts them as printable marks, letters or spaces.
bool is_blank(std::uint32_t code) {
  struct Range {
    std::uint32_t first, last;
  };
  // Unicode, DerivedCoreProperties.txt, Default_Ignorable_Code_Point, as far as not in category Cf.
  static constexpr Range ranges[] = {{0x034f, 0x034f}, {0x115f, 0x1160},  {0x17b4, 0x17b5},
                                     {0x180b, 0x180f}, {0x3164, 0x3164},  {0xfe00, 0xfe0f},
                                     {0xffa0, 0xffa0}, {0xe0000, 0xe0fff}};
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [code](Range range) { return code >= range.first && code <= range.last; });
}

bool is_shown(std::uint32_t code) {
  return llvm::sys::unicode::isPrintable(static_cast<int>(code)) &&
         !llvm::sys::unicode::isFormatting(static_cast<int>(code)) && !is_blank(code);
}

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0, run = 0;
  for (char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// Replaces what Markdown (CommonMark, GFM) or HTML gives a meaning to, in text that is already visible.
std::string without_markup(std::string_view shown) {
  std::string out;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '@':
        out += "&#64;";
        break;  // mentions
      case '|':
        out += "&#124;";
        break;  // table cells
      case '\\':
      case '`':
      case '*':
      case '_':
      case '[':
      case ']':
      case '~':
      case '$':
        out += '\\';
        out += c;
        break;
      case ':':  // bare addresses are links in GFM
        out += shown.substr(i, 3) == "://" ? "&#58;" : ":";
        break;
      case '#':  // a heading at the start; with a digit behind it, a reference to an issue
        out += i == 0 || (i + 1 < shown.size() && shown[i + 1] >= '0' && shown[i + 1] <= '9') ? "\\#" : "#";
        break;
      case '-':
      case '+':
      case '=':  // list items and underlined headings
        if (i == 0) out += '\\';
        out += c;
        break;
      case '.':
      case ')': {  // `1.` starts a list
        const bool numbered = i > 0 && (i + 1 == shown.size() || shown[i + 1] == ' ') &&
                              shown.substr(0, i).find_first_not_of("0123456789") == std::string_view::npos;
        if (numbered) out += '\\';
        out += c;
        break;
      }
      default:
        out += c;
    }
  }
  for (std::string_view link : {"www."}) {  // the other form of a bare address
    for (std::size_t at = out.find(link); at != std::string::npos;
         at = out.find(link, at + link.size() + 4)) {
      out.replace(at + link.size() - 1, 1, "&#46;");
    }
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string visible(std::string_view text, Keep keep) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const char c = text.front();
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain(c) || (keep == Keep::LinesAndTabs && (c == '\n' || c == '\t'))) {
      out += c;
      text.remove_prefix(1);
      continue;
    }
    if (byte < 0x80) {
      if (c == '\n')
        out += "\\n";
      else if (c == '\t')
        out += "    ";
      else
        out += "\\x" + hex(byte, 2);
      text.remove_prefix(1);
      continue;
    }
    const std::optional<Character> character = decode(text);
    if (!character) {
      out += "\\x" + hex(byte, 2);
      text.remove_prefix(1);
      continue;
    }
    if (is_shown(character->code))
      out += text.substr(0, character->length);
    else
      out += "\\u{" + hex(character->code, 1) + "}";
    text.remove_prefix(character->length);
  }
  return out;
}

std::string escape_terminal(std::string_view text) {
  return visible(text, Keep::Nothing);
}

std::string escape_markdown(std::string_view text) {
  // Line ends are spaces here, so that nothing can start a block of its own.
  std::string one_line(text);
  std::replace(one_line.begin(), one_line.end(), '\n', ' ');
  return without_markup(trimmed(visible(one_line, Keep::Nothing)));
}

std::string ascii_escape_json(std::string json) {
  if (std::all_of(json.begin(), json.end(), [](char c) { return is_plain(c) || c == '\n'; })) return json;
  std::string out;
  out.reserve(json.size());
  std::string_view rest = json;
  while (!rest.empty()) {
    const std::optional<Character> character = decode(rest);
    const std::size_t length = character ? character->length : 1;
    if (!character || character->code == '\n' || is_shown(character->code)) {
      out += rest.substr(0, length);
    } else if (character->code < 0x10000) {
      out += "\\u" + hex(character->code, 4);
    } else {
      const std::uint32_t offset = character->code - 0x10000;
      out += "\\u" + hex(0xd800 + (offset >> 10), 4) + "\\u" + hex(0xdc00 + (offset & 0x3ff), 4);
    }
    rest.remove_prefix(length);
  }
  return out;
}

std::string file_uri(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += "0123456789ABCDEF"[static_cast<unsigned char>(c) >> 4];
      out += "0123456789ABCDEF"[static_cast<unsigned char>(c) & 0xf];
    }
  }
  return out.starts_with('/') ? "file://" + out : out;
}

std::string code_span(std::string_view text) {
  const std::string shown = visible(text, Keep::Nothing);
  if (trimmed(shown).empty()) return "(empty)";
  if (shown.find('|') != std::string::npos) {
    // A pipe ends a table cell even inside a code span, so it is written as HTML.
    std::string html;
    for (char c : shown) {
      switch (c) {
        case '<':
          html += "&lt;";
          break;
        case '>':
          html += "&gt;";
          break;
        case '&':
          html += "&amp;";
          break;
        case '"':
          html += "&quot;";
          break;
        default:
          // Markdown is still read between the tags.
          if (std::string_view("|`*_[]\\~$@:#!").find(c) != std::string_view::npos) {
            html += "&#" + std::to_string(static_cast<int>(c)) + ";";
          } else {
            html += c;
          }
      }
    }
    return "<code>" + html + "</code>";
  }
  const std::string fence(longest_run(shown, '`') + 1, '`');
  const bool needs_space =
      shown.front() == '`' || shown.back() == '`' || (shown.front() == ' ' && shown.back() == ' ');
  const std::string space = needs_space ? " " : "";
  return fence + space + shown + space + fence;
}

std::string fenced(std::string_view text, std::string_view language) {
  const std::string shown = visible(text, Keep::LinesAndTabs);
  const std::string fence(std::max<std::size_t>(3, longest_run(shown, '`') + 1), '`');
  std::string out = fence;
  out += language;
  out += '\n';
  out += shown;
  if (shown.empty() || shown.back() != '\n') out += '\n';
  return out + fence + "\n";
}

std::string markdown_prose(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('`');
    const std::size_t close = open == std::string_view::npos ? open : text.find('`', open + 1);
    if (close == std::string_view::npos || close == open + 1) break;
    const std::string_view before = text.substr(0, open);
    if (!before.empty()) {
      if (before.front() == ' ' && !out.empty()) out += ' ';
      out += escape_markdown(before);
      if (before.back() == ' ' && !trimmed(before).empty()) out += ' ';
    }
    out += code_span(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
  if (!text.empty() && text.front() == ' ' && !out.empty()) out += ' ';
  return out + escape_markdown(text);
}

std::string elide_middle(std::string_view escaped, std::size_t columns) {
  if (escaped.size() <= columns || display_width(escaped) <= columns) return std::string(escaped);
  // Cut where a character starts: a continuation byte is 10xxxxxx.
  const auto boundary = [escaped](std::size_t at) {
    while (at > 0 && (static_cast<unsigned char>(escaped[at]) & 0xc0) == 0x80) --at;
    return at;
  };
  const std::size_t head = boundary(columns * 2 / 3);
  const std::size_t tail = boundary(escaped.size() - std::min(escaped.size(), columns / 6));
  if (tail <= head) return std::string(escaped);
  return std::string(escaped.substr(0, head)) + " " + say("[{} bytes not shown]", tail - head) + " " +
         std::string(escaped.substr(tail));
}

std::size_t display_width(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), is_plain)) return text.size();
  const int width = llvm::sys::unicode::columnWidthUTF8({text.data(), text.size()});
  if (width >= 0) return static_cast<std::size_t>(width);
  const std::string shown = escape_terminal(text);
  const int shown_width = llvm::sys::unicode::columnWidthUTF8(shown);
  return shown_width >= 0 ? static_cast<std::size_t>(shown_width) : shown.size();
}

}  // namespace linkdx::report
