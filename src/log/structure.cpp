#include "structure.hpp"

#include <algorithm>
#include <cctype>

#include "places.hpp"
#include "quotes.hpp"
#include "text.hpp"

namespace linkdx::log {
namespace {

constexpr Pattern kUndefined{Event::Undefined, "", Linker::GnuLd};
constexpr Pattern kHeading{Event::InFunction, "", Linker::GnuLd};
constexpr std::size_t kLongestLine = 8192;

bool has_words(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::isalpha(c) || c >= 0x80; });
}

/// "WORDS QUOTE name QUOTE WORDS", with at least one word and nothing that parts sentences.
bool is_plain_sentence(std::string_view before, std::string_view after) {
  for (std::string_view part : {before, after})
    if (part.find_first_of(":;=<>") != std::string_view::npos || contains(part, "R_") || find_quoted(part, 0))
      return false;
  return has_words(before) || has_words(after);
}

/// Where the words begin behind "x.c:(.text+0x12):", or behind "x.c:3:"; npos when the text begins otherwise.
std::size_t end_of_section(std::string_view text) {
  std::size_t section = text.find("(.");
  if (section == std::string_view::npos ||
      (section > 0 && text[section - 1] != ':' && text[section - 1] != ' '))
    return section = std::string_view::npos;
  std::size_t end = text.find(')', section);
  if (end == std::string_view::npos || !contains(text.substr(section, end - section), "+0x"))
    return std::string_view::npos;
  return end + 1;
}

std::size_t end_of_source_line(std::string_view text) {
  std::size_t from =
      linker_prefix(text) ? static_cast<std::size_t>(linker_prefix(text)->rest.data() - text.data()) : 0;
  std::size_t blank = text.find(' ', from);
  if (blank == std::string_view::npos || blank < 4 || text[blank - 1] != ':') return std::string_view::npos;
  std::size_t digits = blank - 1;
  while (digits > from && is_digit(text[digits - 1])) --digits;
  if (digits == blank - 1 || digits <= from + 1 || text[digits - 1] != ':' || is_digit(text[digits - 2]))
    return std::string_view::npos;
  return blank - 1;
}

std::string_view without_colon(std::string_view text) {
  while (drop_prefix(text, ":") || drop_prefix(text, " ") || drop_prefix(text, "\u00a0") ||
         drop_prefix(text, "：")) {
  }
  return text;
}

}  // namespace

Match match_structure(std::string_view text, bool behind_heading) {
  Match match;
  if (text.size() > kLongestLine) return match;
  std::size_t end = end_of_section(text);
  if (end == std::string_view::npos && behind_heading) end = end_of_source_line(text);
  if (end != std::string_view::npos) {
    std::string_view words = without_colon(text.substr(end));
    Quoted quoted = find_quoted(words, 0);
    if (!quoted || quoted.text.empty() ||
        !is_plain_sentence(words.substr(0, quoted.begin), words.substr(quoted.end)))
      return match;
    match.pattern = &kUndefined;
    match.place = text.substr(0, end);
    match.fields.name = quoted.text;
    return match;
  }
  // A heading ends with the quoted function and a colon.
  std::string_view line = text;
  if (!drop_suffix(line, ":") && !drop_suffix(line, "：")) return match;
  while (drop_suffix(line, " ") || drop_suffix(line, "\u00a0")) {
  }
  std::string_view rest = line;
  if (std::optional<LinkerName> linker = linker_prefix(line)) rest = linker->rest;
  std::size_t colon = rest.find(": ");
  if (colon == std::string_view::npos || !looks_like_object(rest.substr(0, colon))) return match;
  std::string_view words = rest.substr(colon + 2);
  Quoted quoted = find_quoted(words, 0);
  if (!quoted || quoted.text.empty() || quoted.end != words.size() ||
      !has_words(words.substr(0, quoted.begin)) || contains(words.substr(0, quoted.begin), ":"))
    return match;
  match.pattern = &kHeading;
  match.place = text.substr(0, static_cast<std::size_t>(rest.data() - text.data()) + colon);
  match.fields.function = quoted.text;
  return match;
}

}  // namespace linkdx::log
