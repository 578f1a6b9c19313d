#include "quotes.hpp"

#include <cctype>

#include "text.hpp"

namespace linkdx::log {
namespace {

struct Style {
  std::string_view open, close;
};

constexpr Style kStyles[] = {
    {"`", "'"}, {"'", "'"}, {"\"", "\""}, {"‘", "’"},   {"’", "’"},   {"«", "»"},
    {"»", "«"}, {"»", "»"}, {"„", "“"},   {"„", "”"},   {"”", "”"},   {"“", "”"},
    {"‚", "‘"}, {"‚", "’"}, {"`", "`"},   {"「", "」"}, {"＂", "＂"}, {"‹", "›"},
};

// French puts a no-break space inside its marks.
std::string_view trim_inside(std::string_view text) {
  for (std::string_view blank : {" ", "\u00a0", "\u202f"}) {
    if (text.starts_with(blank)) text.remove_prefix(blank.size());
    if (text.ends_with(blank)) text.remove_suffix(blank.size());
  }
  return text;
}

bool continues_name(std::string_view rest) {
  return !rest.empty() && (std::isalnum(static_cast<unsigned char>(rest[0])) || rest[0] == '_');
}

// Marks that may close a quotation are tried this often; a line full of marks must not cost its length
// squared.
constexpr int kMostClosings = 256;
constexpr int kMostOpenings = 64;

Quoted close_with(const Style& style, std::string_view text, std::size_t at, std::string_view follow) {
  Quoted quoted;
  std::size_t from = at + style.open.size();
  auto take = [&](std::size_t close) {
    quoted = {trim_inside(text.substr(from, close - from)), at, close + style.close.size(), true};
  };
  // A single name between the marks is the common case: the line's end decides, for C++ names hold marks too.
  std::string_view trimmed = trim_right(text);
  if (follow.empty() && trimmed.size() >= from + style.close.size() && trimmed.ends_with(style.close)) {
    std::size_t close = trimmed.size() - style.close.size();
    if (text.substr(from, close - from).find(style.open == style.close ? style.open : style.close) ==
        std::string_view::npos) {
      take(close);
      return quoted;
    }
  }
  std::size_t close = text.find(style.close, from);
  for (int tried = 0; close != std::string_view::npos && tried < kMostClosings; ++tried) {
    std::string_view rest = text.substr(close + style.close.size());
    if (follow.empty() ? !continues_name(rest) : rest.starts_with(follow)) {
      take(close);
      return quoted;
    }
    close = text.find(style.close, close + 1);
  }
  return quoted;
}

}  // namespace

Quoted quoted_at(std::string_view text, std::size_t at, std::string_view follow) {
  bool opens = false;
  for (const Style& style : kStyles) {
    if (text.substr(at, style.open.size()) != style.open) continue;
    opens = true;
    if (Quoted quoted = close_with(style, text, at, follow)) return quoted;
  }
  if (!opens) return {};
  std::size_t length = 1;
  while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0) == 0x80)
    ++length;
  return {trim_inside(text.substr(at + length)), at, text.size(), false};
}

Quoted find_quoted(std::string_view text, std::size_t from) {
  int tried = 0;
  for (std::size_t at = from; at < text.size(); ++at) {
    unsigned char byte = static_cast<unsigned char>(text[at]);
    if (byte != '`' && byte != '\'' && byte != '"' && byte < 0x80) continue;
    // An apostrophe inside a word opens nothing.
    if (byte == '\'' && at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1]))) continue;
    // Only the first byte of a mark can open.
    if ((byte & 0xC0) == 0x80) continue;
    if (++tried > kMostOpenings) break;
    if (Quoted quoted = quoted_at(text, at, ""); quoted && quoted.closed) return quoted;
  }
  return {};
}

std::string_view strip_stray_quote(std::string_view name) {
  if (name.ends_with("’") && !contains(name, "‘")) name.remove_suffix(3);
  if (name.ends_with("'") && name.find('\'') == name.size() - 1 && !contains(name, "`"))
    name.remove_suffix(1);
  return name;
}

}  // namespace linkdx::log
