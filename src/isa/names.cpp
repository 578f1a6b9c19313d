// What a symbol's name says. Standards first (name_standards.cpp), then words by convention (name_marks.inc).
// A name is a hint: of the functions so marked, many need nothing special, and some more than the word says.
#include <algorithm>
#include <array>

#include "catalogue.hpp"
#include "name_marks.hpp"
#include "name_standards.hpp"
#include "symbol_pieces.hpp"

namespace linkdx::isa {
namespace {

struct CompanionRow {
  std::string_view word, beside, features;
};
constexpr CompanionRow companion_rows[] = {
#define COMPANION(word, beside, features, source) {word, beside, features},
#include "name_companions.inc"
#undef COMPANION
};

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void add_words(FeatureSet& features, std::string_view words) {
  while (!words.empty()) {
    std::string_view word = words.substr(0, words.find(' '));
    features.add(word);
    words.remove_prefix(std::min(words.size(), word.size() + 1));
  }
}

std::vector<std::string> lower_words(std::string_view text) {
  std::vector<std::string> words(1);
  for (char c : text) {
    if (!is_alnum(c))
      words.emplace_back();
    else
      words.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return words;
}

/// The identifier without its marks, each taken out with one separator beside it and the vector width after
/// it (`_256`).
std::string without_marks(const Piece& piece, const std::vector<Mark>& marks) {
  std::string text(piece.text);
  for (auto mark = marks.rbegin(); mark != marks.rend(); ++mark) {
    std::size_t begin = mark->begin;
    std::size_t end = mark->end;
    for (std::string_view width : {"_128", "_256", "_512"})
      if (std::string_view(text).substr(end).starts_with(width) &&
          (end + width.size() == text.size() || !is_alnum(text[end + width.size()])))
        end += width.size();
    if (end < text.size() && (text[end] == '_' || text[end] == '.') && begin == 0)
      ++end;
    else if (begin > 0 && !is_alnum(text[begin - 1]) && (end == text.size() || !is_alnum(text[end])))
      --begin;
    text.erase(begin, end - begin);
  }
  // Weak words at the end, and a component that is one: `f_c`, `fallback::f`.
  for (;;) {
    std::size_t cut = text.rfind('_');
    if (cut == std::string::npos || cut == 0 || !is_weak_word(std::string_view(text).substr(cut + 1))) break;
    text.erase(cut);
  }
  if (piece.own_scope && is_weak_word(text)) text.clear();
  while (!text.empty() && text.back() == '_') text.pop_back();
  return text.substr(std::min(text.size(), text.find_first_not_of('_')));
}

struct Reading {
  FeatureSet features;
  std::string token;
  std::string family;
  bool marked = false;
  bool whole_words = true;
  bool upper_bound = false;
};

Reading read(std::string_view symbol, Arch arch) {
  Reading reading;
  std::vector<Piece> pieces = pieces_of(symbol);
  std::vector<std::vector<Mark>> marks(pieces.size());
  Arch marked_arch = arch;
  for (std::size_t p = 0; p < pieces.size(); ++p) {
    if (!pieces[p].identifier) continue;
    marks[p] = marks_in(pieces[p], arch);
    for (const Mark& mark : marks[p]) {
      Arch mark_arch = mark.row->arch;
      if (mark.question) continue;
      if (mark_arch == wide(arch)) mark_arch = arch;
      if (marked_arch == Arch::Unknown) marked_arch = mark_arch;
      if (marked_arch != mark_arch)
        continue;  // an empty body for another machine: tells the family, proves nothing
      if (!reading.marked) reading.features = FeatureSet(mark_arch);
      FeatureSet features(mark_arch);
      add_words(features, mark.row->features);
      // The strongest mark is the one to name.
      if (!reading.marked || !with_implied(reading.features).contains(features))
        reading.token = std::string(pieces[p].text.substr(mark.begin, mark.end - mark.begin));
      reading.features.add(features);
      reading.marked = true;
      reading.whole_words &= mark.whole_word;
      reading.upper_bound |= mark.row->bound == NameBound::Upper;
    }
  }
  for (std::size_t p = 0; p < pieces.size(); ++p) {
    if (!pieces[p].identifier) {
      reading.family += pieces[p].text;
      continue;
    }
    std::string rest = without_marks(pieces[p], marks[p]);
    reading.family += rest;
    if (rest.empty() && p + 1 < pieces.size() && pieces[p + 1].text == "::")
      pieces[p + 1].text = {};  // `simdjson::haswell::parse` and `simdjson::parse`
    if (pieces[p].own_scope) reading.family += rest.empty() ? "" : " ";
  }
  if (reading.marked) {
    FeatureSet implied = with_implied(reading.features);
    for (const Piece& piece : pieces)
      if (piece.identifier)
        for (const std::string& word : lower_words(piece.text))
          for (const CompanionRow& row : companion_rows)
            if (word == row.word && implied.has(row.beside)) add_words(reading.features, row.features);
  }
  return reading;
}

}  // namespace

std::optional<NameHint> from_name(std::string_view symbol, Arch arch) {
  symbol = without_copy_suffix(symbol);
  std::optional<StandardName> standard = standard_name(symbol, arch);
  if (standard && standard->features.empty()) return std::nullopt;
  Reading reading = read(standard ? standard->base : symbol, standard ? standard->features.arch() : arch);
  if (!standard && !reading.marked) return std::nullopt;
  NameHint hint;
  hint.family = reading.family;
  hint.upper_bound = reading.upper_bound;
  hint.token = reading.token;
  hint.features = reading.features;
  hint.confidence = reading.whole_words ? Confidence::Likely : Confidence::Possible;
  if (standard) {
    hint.features = standard->features;
    hint.features.add(reading.features);
    hint.source = Source::NameStandard;
    hint.confidence = Confidence::Likely;
    hint.token = standard->token;
    hint.upper_bound = false;
  }
  hint.features = without_implied(hint.features);
  return hint;
}

std::string family_of(std::string_view symbol) {
  symbol = without_copy_suffix(symbol);
  std::optional<StandardName> standard = standard_name(symbol, Arch::Unknown);
  return read(standard ? standard->base : symbol, Arch::Unknown).family;
}

bool same_family(std::string_view a, std::string_view b) {
  a = without_copy_suffix(a);
  b = without_copy_suffix(b);
  if (a == b) return false;
  std::string family = family_of(a);
  if (family.empty() ||
      !std::any_of(family.begin(), family.end(), [](char c) { return is_alnum(c) && !is_digit(c); }))
    return false;
  bool marked = from_name(a, Arch::Unknown) || from_name(b, Arch::Unknown) ||
                standard_name(a, Arch::Unknown) || standard_name(b, Arch::Unknown);
  return marked && family == family_of(b);
}

}  // namespace linkdx::isa
