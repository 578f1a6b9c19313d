// Line breaking for the terminal.
//
// Running text is filled greedily, as fmt(1) does. Two things outrank the width: a command or a name in backticks is
// kept whole, because it is there to be copied; and so is a word that is longer than any line. Lines quoted from a log
// have no words to respect (a link command is one line of kilobytes), so they are folded where the column ends.
#include "layout.hpp"

#include <algorithm>

#include "escape.hpp"
#include "linkdx/report.hpp"

namespace linkdx::report {
namespace {

/// A name longer than this helps nobody who reads; the JSON report has it in full.
constexpr std::size_t longest_word = 400;

/// Words, with what stands between two backticks joined to the word it is part of.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '`') {
      // An opening backtick without its partner quotes nothing; `this' is how GNU ld quotes.
      const std::size_t partner = text.find_first_of("`'", i + 1);
      quoted = !quoted && partner != std::string_view::npos && text[partner] == '`';
    }
    if (c == ' ' && !quoted) {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
    } else {
      word += c;
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

/// The length in bytes of the longest prefix that fits.
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

}  // namespace

std::vector<std::string> wrap(std::string_view escaped, std::size_t columns) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t width = 0;
  for (const std::string& whole : words_of(escaped)) {
    const std::string word = elide_middle(whole, longest_word);
    const std::size_t wide = display_width(word);
    if (!line.empty() && width + 1 + wide > columns) {
      lines.push_back(std::move(line));
      line.clear();
      width = 0;
    }
    if (!line.empty()) {
      line += ' ';
      ++width;
    }
    line += word;
    width += wide;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

std::vector<std::string> fold(std::string_view escaped, std::size_t columns, std::size_t most) {
  columns = std::max<std::size_t>(columns, 8);
  std::vector<std::string> lines;
  while (!escaped.empty() && lines.size() < most) {
    const std::size_t length = prefix_within(escaped, columns);
    lines.emplace_back(escaped.substr(0, length));
    escaped.remove_prefix(length);
  }
  if (!escaped.empty()) lines.push_back("[" + std::to_string(escaped.size()) + " more bytes on this line]");
  if (lines.empty()) lines.emplace_back();
  return lines;
}

}  // namespace linkdx::report
