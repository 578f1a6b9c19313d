#include "grammar.hpp"

#include <algorithm>

#include "prefilter.hpp"
#include "quotes.hpp"
#include "text.hpp"

namespace linkdx::log {
namespace {

struct FieldName {
  std::string_view text;
  std::string_view Fields::* field;
};

// No message is longer, nor is its beginning repeated more often in one line. Both bound the time that a
// hostile line costs.
constexpr std::size_t kLongestMessage = std::size_t{64} << 10;
constexpr int kMostStarts = 8;

constexpr FieldName kFields[] = {
    {"name", &Fields::name},       {"other", &Fields::other},         {"object", &Fields::object},
    {"path", &Fields::path},       {"subject", &Fields::subject},     {"expected", &Fields::expected},
    {"found", &Fields::found},     {"function", &Fields::function},   {"number", &Fields::number},
    {"version", &Fields::version}, {"directory", &Fields::directory}, {"any", &Fields::any},
};

// A quote that lost its closing mark ends where a compiler's echo of the source begins ("  12 | code").
std::string_view cut_source_echo(std::string_view text) {
  for (std::size_t bar = text.find(" | "); bar != std::string_view::npos; bar = text.find(" | ", bar + 1)) {
    std::size_t digits = bar;
    while (digits > 0 && is_digit(text[digits - 1])) --digits;
    if (digits < bar && digits > 0 && text[digits - 1] == ' ') return trim_right(text.substr(0, digits));
  }
  return text;
}

}  // namespace

const Grammar& Grammar::instance() {
  static const Grammar grammar;
  return grammar;
}

Grammar::Grammar() {
  for (std::span<const Pattern> table :
       {gnu_ld_patterns(), gold_patterns(), microsoft_patterns(), lld_patterns(), mold_patterns(),
        wild_patterns(), solaris_patterns(), apple_patterns(), wasm_patterns(), go_patterns(),
        loader_patterns(), compiler_patterns(), build_tool_patterns(), gnu_ld_translated_patterns()})
    for (const Pattern& pattern : table) add(pattern);
}

void Grammar::add(const Pattern& pattern) {
  Compiled compiled;
  compiled.pattern = &pattern;
  std::string_view text = pattern.text;
  compiled.at_start = drop_prefix(text, "^");
  compiled.at_end = drop_suffix(text, "$");
  std::size_t brace = text.find('{');
  compiled.head = text.substr(0, brace);
  compiled.words = words_of(compiled.head);
  compiled.weight = compiled.head.size();
  while (brace != std::string_view::npos) {
    text.remove_prefix(brace + 1);
    Piece piece;
    piece.quoted = drop_prefix(text, "'");
    std::size_t end = text.find('}');
    std::string_view name = text.substr(0, end);
    for (const FieldName& field : kFields)
      if (field.text == name) piece.field = field.field;
    compiled.names |= name == "name";
    text.remove_prefix(end + 1);
    brace = text.find('{');
    piece.literal = text.substr(0, brace);
    compiled.words |= words_of(piece.literal);
    compiled.weight += piece.literal.size();
    compiled.pieces.push_back(piece);
  }
  // Translated words hold none of the words that the prefilter knows. The linker's name in front does.
  if (compiled.words == 0 && pattern.linker == Linker::GnuLd)
    compiled.words = words_of("ld:") | words_of("`") | words_of("«");
  // GCC's quotation marks are no ASCII where its words are translated.
  if (compiled.words == 0 && pattern.event == Event::Message) compiled.words = words_of("‘");
  patterns_.push_back(std::move(compiled));
}

bool Grammar::fits(const Compiled& compiled, std::string_view text, Quotes quotes, Match& match) {
  bool quote_first = compiled.head.empty() && !compiled.pieces.empty() && compiled.pieces[0].quoted;
  auto next_start = [&](std::size_t from) {
    if (quote_first) {
      Quoted quoted = find_quoted(text, from);
      return quoted.closed ? quoted.begin : std::string_view::npos;
    }
    if (compiled.head.empty() && from > 0) return std::string_view::npos;
    return text.find(compiled.head, from);
  };
  int tried = 0;
  for (std::size_t start = next_start(0); start != std::string_view::npos && tried < kMostStarts;
       start = next_start(start + 1), ++tried) {
    std::size_t at = start + compiled.head.size();
    Match found;
    bool fits = true;
    for (std::size_t index = 0; index < compiled.pieces.size(); ++index) {
      const Piece& piece = compiled.pieces[index];
      bool quote_follows =
          piece.literal.empty() && index + 1 < compiled.pieces.size() && compiled.pieces[index + 1].quoted;
      std::string_view value;
      if (piece.quoted) {
        Quoted quoted = quoted_at(text, at, piece.literal);
        if (!quoted && quotes == Quotes::MayBeCut) {
          // The opening mark may be what was lost.
          std::size_t close = std::string_view::npos, mark = 0;
          for (std::string_view end : {"'", "’", "»", ": "}) {
            std::size_t found = text.find(end, at);
            if (found >= close) continue;
            close = found;
            mark = end == ": " ? 0 : end.size();
          }
          if (compiled.head.size() < 8 || close == std::string_view::npos || close == at ||
              contains(text.substr(at, close - at), " ")) {
            fits = false;
            break;
          }
          quoted = {text.substr(at, close - at), at, close + mark, true};
        }
        if (!quoted || (!quoted.closed && (quotes == Quotes::Closed || compiled.head.size() < 8))) {
          fits = false;
          break;
        }
        value = quoted.closed ? quoted.text : cut_source_echo(quoted.text);
        at = quoted.end;
        if (!quoted.closed) {
          found.fields.*piece.field = value;
          break;
        }
        if (!text.substr(at).starts_with(piece.literal)) {
          fits = false;
          break;
        }
        at += piece.literal.size();
      } else if (quote_follows) {
        Quoted next = find_quoted(text, at);
        if (!next) {
          fits = false;
          break;
        }
        value = trim(text.substr(at, next.begin - at));
        at = next.begin;
      } else if (piece.literal.empty()) {
        value = trim(text.substr(at));
        at = text.size();
      } else {
        std::size_t end = text.find(piece.literal, at);
        if (end == std::string_view::npos) {
          fits = false;
          break;
        }
        value = trim(text.substr(at, end - at));
        at = end + piece.literal.size();
      }
      if (piece.field) found.fields.*piece.field = value;
    }
    if (!fits) continue;
    // A message whose name is on the next line is not complete.
    if (compiled.names && found.fields.name.empty()) continue;
    if (compiled.at_end && !trim(text.substr(std::min(at, text.size()))).empty()) continue;
    std::string_view place = trim(text.substr(0, start));
    if (compiled.at_start && !place.empty() && !place.ends_with(":")) continue;
    match.pattern = compiled.pattern;
    match.place = place;
    match.fields = found.fields;
    match.weight = compiled.weight;
    return true;
  }
  return false;
}

Match Grammar::match(std::string_view text, std::uint64_t words, Quotes quotes) const {
  Match match;
  text = text.substr(0, kLongestMessage);
  for (const Compiled& compiled : patterns_)
    if ((compiled.words & words) && fits(compiled, text, quotes, match)) return match;
  return match;
}

std::vector<std::string_view> Grammar::unreachable() const {
  std::vector<std::string_view> missing;
  for (const Compiled& compiled : patterns_)
    if (compiled.words == 0) missing.push_back(compiled.pattern->text);
  return missing;
}

}  // namespace linkdx::log
