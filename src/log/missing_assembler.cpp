#include "missing_assembler.hpp"

#include <algorithm>
#include <cctype>

#include "text.hpp"

namespace linkdx::log {
namespace {

constexpr std::string_view kAssemblers[] = {"nasm", "yasm", "gas-preprocessor"};

constexpr std::string_view kAbsences[] = {
    "not found",       "not be found",   "could not find",
    "couldn't find",   "unable to find", "cannot find",
    "have been found", "is missing",     "minimum version",
    "too old",         "is required",    "or later is",
    "found: no",       "please install", "not recognized",
    "no modern",       "found no",       "no suitable",
    "was not found",   "is needed to",   "requires nasm",
    "no nasm",         "no yasm",        "failed to find",
    "install 'yasm'",  "not installed",  "make sure you have",
};

// A message of a configure step is one short sentence. Prose about assemblers is longer.
constexpr std::size_t kLongestSentence = 160;

bool equal_at(std::string_view text, std::size_t at, std::string_view word) {
  if (text.size() - at < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (std::tolower(static_cast<unsigned char>(text[at + i])) != word[i]) return false;
  return true;
}

bool has_phrase(std::string_view text, std::string_view phrase) {
  for (std::size_t at = 0; at + phrase.size() <= text.size(); ++at)
    if (equal_at(text, at, phrase)) return true;
  return false;
}

bool is_letter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = 0; at + word.size() <= text.size(); ++at) {
    bool begins = at == 0 || !is_letter(text[at - 1]);
    bool ends = at + word.size() == text.size() || !is_letter(text[at + word.size()]);
    if (begins && ends && equal_at(text, at, word)) return true;
  }
  return false;
}

std::string_view missing_in(std::string_view sentence) {
  if (sentence.size() > kLongestSentence || sentence.ends_with("?")) return {};
  std::string_view assembler;
  for (std::string_view name : kAssemblers)
    if (assembler.empty() && has_word(sentence, name)) assembler = name;
  if (assembler.empty()) return {};
  for (std::string_view phrase : kAbsences)
    if (has_phrase(sentence, phrase)) return assembler;
  return {};
}

}  // namespace

std::string_view missing_assembler(std::string_view text) {
  // In JSON lines are parted by an escaped newline, and strings by marks. Elsewhere marks stand in code that
  // would say it.
  bool json = contains(text, "\": \"");
  if (!json) return missing_in(text.substr(0, text.find('"')));
  while (!text.empty()) {
    std::size_t end = text.find("\\n"), quote = text.find('"');
    std::size_t cut = std::min(end, quote);
    if (std::string_view found = missing_in(text.substr(0, cut)); !found.empty()) return found;
    if (cut == std::string_view::npos) break;
    text.remove_prefix(cut + (cut == end ? 2 : 1));
  }
  return {};
}

}  // namespace linkdx::log
