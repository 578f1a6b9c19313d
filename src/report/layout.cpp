// Line breaking for the terminal.
//
// Chinese has no spaces between words: a line may end between any two of its characters, except before a mark
// that closes and behind one that opens (GB/T 15834, "Usage of punctuation marks", 5.1; the classes CL, EX,
// IS, NS and OP of Unicode Standard Annex 14, of which only the full-width marks matter here).
//
// Running text is filled greedily, as fmt(1) does. Two things outrank the width: a command or a name in
// backticks is kept whole, because it is there to be copied; and so is a word that is longer than any line.
// Lines quoted from a log have no words to respect, so they are folded where the column ends; and a link
// command is one line of kilobytes, of which the part is shown that the diagnosis is about.
#include "layout.hpp"

#include <algorithm>

#include "escape.hpp"
#include "linkdx/language.hpp"
#include "linkdx/report.hpp"

namespace linkdx::report {
namespace {

/// A name longer than this helps nobody who reads; the JSON report has it in full.
constexpr std::size_t longest_word = 400;

/// Full-width marks that may not begin a line, and those that may not end one.
constexpr std::string_view closing_marks[] = {"，", "。", "、", "：", "；", "！", "？",
                                              "）", "”",  "’",  "》", "】", "」", "…"};
constexpr std::string_view opening_marks[] = {"（", "“", "‘", "《", "【", "「"};

bool starts_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

/// The bytes of the character that begins here.
std::size_t character_length(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && !starts_character(text[length])) ++length;
  return length;
}

bool is_wide(std::string_view character) {
  return static_cast<unsigned char>(character.front()) >= 0xe0 && display_width(character) == 2;
}

template <std::size_t Count>
bool is_one_of(std::string_view character, const std::string_view (&marks)[Count]) {
  return std::find(std::begin(marks), std::end(marks), character) != std::end(marks);
}

/// Whether a line may end between two characters that no space parts.
bool breaks_between(std::string_view before, std::string_view behind) {
  if (before.empty() || (before.size() < 3 && behind.size() < 3)) return false;
  if (is_one_of(before, opening_marks) || is_one_of(behind, closing_marks)) return false;
  return is_wide(before) || is_wide(behind) || is_one_of(before, closing_marks);
}

/// What is never broken, and whether a space stands before it.
struct Word {
  std::string text;
  bool spaced = true;
};

/// Words, with what stands between two backticks joined to the word it is part of.
std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  std::string word;
  bool quoted = false, spaced = true;
  std::string_view last;  // the character before
  const auto end_word = [&](bool space_follows) {
    if (!word.empty()) words.push_back({std::move(word), spaced});
    spaced = space_follows;
    word.clear();
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view character = text.substr(i, character_length(text.substr(i)));
    const bool was_quoted = quoted;
    if (character == "`") {
      // An opening backtick without its partner quotes nothing; `this' is how GNU ld quotes.
      const std::size_t partner = text.find_first_of("`'", i + 1);
      quoted = !quoted && partner != std::string_view::npos && text[partner] == '`';
    }
    if (character == " " && !quoted) {
      end_word(true);
      last = {};
    } else {
      if (!was_quoted && breaks_between(last, character)) end_word(false);
      word += character;
      last = character;
    }
    i += character.size();
  }
  end_word(true);
  return words;
}

/// How far a cut is moved to fall between two words.
constexpr std::size_t cut_slack = 24;
constexpr std::size_t longest_first_word = 32;
/// `[12345 more bytes] `, and some to spare
constexpr std::size_t note_width = 20;

/// The nearest place before `at` where a word begins, or else a character.
std::size_t back_to_space(std::string_view text, std::size_t at) {
  if (at >= text.size()) return text.size();
  const std::size_t space = text.rfind(' ', at - (at > 0 ? 1 : 0));
  if (space != std::string_view::npos && space > 0 && at - space <= cut_slack) return space + 1;
  while (at > 0 && !starts_character(text[at])) --at;
  return at;
}
/// The nearest place after `at` where a word begins, or else a character.
std::size_t forward_to_space(std::string_view text, std::size_t at) {
  if (at >= text.size()) return text.size();
  const std::size_t space = text.find(' ', at);
  if (space != std::string_view::npos && space - at <= cut_slack) return space + 1;
  while (at < text.size() && !starts_character(text[at])) ++at;
  return at;
}

/// What stands behind the number in `[12345 more bytes]`.
std::string_view note_end() {
  return translated(N_(" more bytes]"));
}

/// A cut inside `[12345 more bytes]` is moved before it.
std::size_t before_note(std::string_view text, std::size_t at) {
  const std::size_t bracket = text.rfind('[', at);
  if (bracket == std::string_view::npos || bracket == 0 || at - bracket >= note_width) return at;
  const std::size_t number_end = text.find_first_not_of("0123456789", bracket + 1);
  const std::string_view unit = note_end();
  const bool is_note = number_end != std::string_view::npos && number_end > bracket + 1 &&
                       text.substr(number_end).starts_with(unit);
  return is_note && at < number_end + unit.size() ? bracket : at;
}

std::string more_bytes(std::size_t count) {
  return "[" + std::to_string(count) + std::string(note_end()) + " ";
}

}  // namespace

std::size_t prefix_within(std::string_view text, std::size_t columns) {
  std::size_t length = 0;
  std::size_t width = 0;
  while (length < text.size()) {
    std::size_t next = length + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xc0) == 0x80) ++next;
    const std::size_t wide = display_width(text.substr(length, next - length));
    if (width + wide > columns && length > 0) break;
    width += wide;
    length = next;
  }
  return length;
}

std::vector<std::string> wrap(std::string_view escaped, std::size_t columns) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t width = 0;
  for (const Word& whole : words_of(escaped)) {
    std::string word = elide_middle(whole.text, longest_word);
    if (word.front() != '`' && word.find('/') != std::string::npos) word = shortened_path(word, columns);
    const std::size_t wide = display_width(word);
    if (!line.empty() && width + whole.spaced + wide > columns) {
      lines.push_back(std::move(line));
      line.clear();
      width = 0;
    }
    if (!line.empty() && whole.spaced) {
      line += ' ';
      ++width;
    }
    line += word;
    width += wide;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

std::vector<std::string> fold(std::string_view escaped, std::size_t columns) {
  columns = std::max<std::size_t>(columns, 8);
  std::vector<std::string> lines;
  while (!escaped.empty()) {
    std::size_t length = prefix_within(escaped, columns);
    if (length < escaped.size()) length = before_note(escaped, back_to_space(escaped, length));
    lines.emplace_back(escaped.substr(0, length));
    escaped.remove_prefix(length);
  }
  if (lines.empty()) lines.emplace_back();
  return lines;
}

std::string excerpt(std::string_view escaped, std::size_t bytes, const std::vector<std::string>& focus) {
  if (escaped.size() <= bytes) return std::string(escaped);
  // A message that begins with the whole path of a linker: the message is what counts.
  const std::string_view first = escaped.substr(0, escaped.find(' '));
  if (first.size() > longest_first_word && first.find('/') != std::string_view::npos) {
    const std::string nearer = shortened_path(first, longest_first_word);
    if (nearer.size() < first.size())
      return excerpt(nearer + std::string(escaped.substr(first.size())), bytes, focus);
  }
  const auto part = [escaped](std::size_t from, std::size_t to) {
    return std::string(escaped.substr(from, to - from));
  };
  const std::size_t room = std::max(bytes, 4 * note_width) - note_width;
  std::size_t head = back_to_space(escaped, room * 2 / 3);
  std::size_t tail = forward_to_space(escaped, escaped.size() - room / 3);
  for (const std::string& word : focus) {
    const std::size_t found = word.empty() ? std::string_view::npos : escaped.find(word);
    if (found == std::string_view::npos) continue;
    const std::size_t end = found + word.size();
    if (end <= head || found >= tail || word.size() > room / 3)
      break;  // in view already, or not to be got into view
    // The beginning says what line this is; the rest of the room is for the word and what stands around it.
    head = back_to_space(escaped, room / 3);
    const std::size_t from = std::max(head, forward_to_space(escaped, found - std::min(found, cut_slack)));
    const std::size_t last = from + (room - room / 3) - note_width;
    const std::size_t to = std::max(end, back_to_space(escaped, std::min(escaped.size(), last)));
    return part(0, head) + (from > head ? more_bytes(from - head) : "") + part(from, to) +
           (to < escaped.size() ? more_bytes(escaped.size() - to) : "");
  }
  return part(0, head) + more_bytes(tail - head) + part(tail, escaped.size());
}

std::string shortened_path(std::string_view escaped, std::size_t columns) {
  if (display_width(escaped) <= columns) return std::string(escaped);
  // The end of a path tells more than its beginning. A member of an archive stands in brackets.
  const std::size_t bracket = escaped.find('(');
  std::string_view file = escaped.substr(0, bracket);
  const std::string_view member =
      bracket == std::string_view::npos ? std::string_view() : escaped.substr(bracket);
  for (std::size_t slash = file.find('/', 1);
       slash != std::string_view::npos && display_width(file) + display_width(member) + 3 > columns;
       slash = file.find('/', 1)) {
    file.remove_prefix(slash);
  }
  std::string text =
      file.size() < std::min(bracket, escaped.size()) ? "..." + std::string(file) : std::string(file);
  if (member.empty()) return text;
  const std::size_t used = display_width(text);
  if (used + display_width(member) <= columns || columns < used + 16) return text + std::string(member);
  std::size_t from = member.size() - (columns - used - 4);
  while (from < member.size() && !starts_character(member[from])) ++from;
  return text + "(..." + std::string(member.substr(from));
}

}  // namespace linkdx::report
