// Where the identifiers are: the Itanium C++ ABI (section 5.1, <source-name> ::= <length> <identifier>),
// Rust's RFC 2603 (the same with disambiguators `s..._` before it), Rust's legacy scheme (Itanium with a last
// component `h` and 16 hexadecimal digits), and qualified names as demanglers print them.
#include "symbol_pieces.hpp"

#include <algorithm>
#include <array>

namespace linkdx::isa {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || c == '$' || c == '.' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// `17h0123456789abcdef`: Rust's hash, different in each of a family.
bool is_rust_hash(std::string_view identifier) {
  return identifier.size() == 17 && identifier[0] == 'h' &&
         std::all_of(identifier.begin() + 1, identifier.end(),
                     [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

/// A number that is no length: in `S1_`, `T0_`, `A16_`, `Dv4_` and `Li16E`.
bool is_counter(std::string_view name, std::size_t begin, std::size_t end) {
  char before = begin > 0 ? name[begin - 1] : '\0';
  char after = end < name.size() ? name[end] : '\0';
  if (after == '_' &&
      (before == 'S' || before == 'T' || before == 'A' || before == 'v' || before == 'p' || before == 'L'))
    return true;
  return after == 'E' && begin > 1 && name[begin - 2] == 'L';
}

/// Skips `3foo`; 0 where no identifier begins.
std::size_t skip_source_name(std::string_view name, std::size_t at) {
  std::size_t length = 0, i = at;
  while (i < name.size() && is_digit(name[i]) && length < name.size())
    length = length * 10 + static_cast<std::size_t>(name[i++] - '0');
  return i == at || length == 0 || length > name.size() - i ? 0 : i + length;
}

/// Skips from `N` or `I` to behind its `E`; 0 where they do not match. Productions that matter for that
/// (section 5.1): identifiers are stepped over by their length, substitutions end with `_` (or are two
/// letters, `St`), and `N I J X F` and the `L` of a literal each have an `E`.
std::size_t skip_bracketed(std::string_view name, std::size_t at) {
  constexpr std::string_view openers = "NIJXF";
  std::size_t depth = 0;
  for (std::size_t i = at; i < name.size();) {
    const char c = name[i], next = i + 1 < name.size() ? name[i + 1] : '\0';
    if (is_digit(c)) {
      if ((i = skip_source_name(name, i)) == 0) return 0;
      continue;
    }
    if (c == 'S' || c == 'T') {  // S_, S0_, St; T_, T0_
      std::size_t end = i + 1;
      while (end < name.size() && (is_digit(name[end]) || (name[end] >= 'A' && name[end] <= 'Z'))) ++end;
      i = end < name.size() && name[end] == '_' ? end + 1 : i + 2;
      continue;
    }
    if (c == 'L' && !is_digit(next)) {  // Lb1E; before a digit it is internal linkage
      const std::size_t end = name.find('E', i);
      if (end == name.npos) return 0;
      i = next == '_' ? i + 1 : end + 1;
      continue;
    }
    if (c == 'A' || (c == 'D' && next == 'v')) {  // A16_c, Dv4_f
      std::size_t end = i + (c == 'A' ? 1 : 2);
      while (end < name.size() && is_digit(name[end])) ++end;
      i = end < name.size() && name[end] == '_' ? end + 1 : end;
      continue;
    }
    depth += openers.find(c) != openers.npos;
    if (c == 'E' && --depth == 0) return i + 1;
    ++i;
  }
  return 0;
}

/// Where the function's own name and its template arguments end and the types of its parameters begin. The
/// whole size for names of another kind (a table, something local to a function): there everything counts.
std::size_t end_of_own_name(std::string_view name) {
  std::size_t i = 2;
  if (name.substr(i).starts_with("N")) {
    i = skip_bracketed(name, i);
    return i == 0 ? name.size() : i;
  }
  if (name.substr(i).starts_with("St"))
    i += 2;
  else if (name.substr(i).starts_with("L"))
    ++i;
  i = skip_source_name(name, i);
  while (i != 0 && i < name.size() && name[i] == 'B')  // ABI tags
    i = skip_source_name(name, i + 1);
  if (i != 0 && i < name.size() && name[i] == 'I') i = skip_bracketed(name, i);
  return i == 0 ? name.size() : i;
}

std::vector<Piece> mangled_pieces(std::string_view name, bool rust_v0) {
  std::vector<Piece> pieces;
  std::size_t between = 0;
  const std::size_t own = rust_v0 ? name.size() : end_of_own_name(name);
  for (std::size_t i = 2; i < own;) {
    if (rust_v0 && name[i] == 's') {
      // A disambiguator: `s`, base 62, `_`. It differs from crate to crate and is dropped.
      std::size_t end = i + 1;
      while (end < name.size() && (is_digit(name[end]) || is_letter(name[end]))) ++end;
      if (end < name.size() && name[end] == '_') {
        pieces.push_back({name.substr(between, i - between), false, false});
        between = i = end + 1;
        continue;
      }
    }
    if (!is_digit(name[i]) || name[i] == '0') {
      ++i;
      continue;
    }
    std::size_t end = i;
    std::size_t length = 0;
    while (end < name.size() && is_digit(name[end]) && length < name.size())
      length = length * 10 + static_cast<std::size_t>(name[end++] - '0');
    if (is_counter(name, i, end) || length > name.size() - std::min(end, name.size())) {
      i = std::max(end, i + 1);
      continue;
    }
    std::size_t start = end;
    if (rust_v0 && start < name.size() && name[start] == '_' && start + 1 + length <= name.size())
      ++start;  // a separator before identifiers that begin with a digit or an underscore
    std::string_view identifier = name.substr(start, length);
    if (identifier.empty() || !std::all_of(identifier.begin(), identifier.end(), is_word)) {
      i = end;
      continue;
    }
    pieces.push_back({name.substr(between, i - between), false, false});
    if (!is_rust_hash(identifier)) pieces.push_back({identifier, true, true});
    between = i = start + length;
  }
  pieces.push_back({name.substr(between), false, false});
  return pieces;
}

/// A demangled or plain name: identifiers up to the parameter list, `::` between them.
std::vector<Piece> plain_pieces(std::string_view name) {
  std::vector<Piece> pieces;
  std::size_t end = 0;
  while (end < name.size()) {
    end = std::min(name.find('(', end), name.size());
    if (name.substr(end).starts_with("(anonymous namespace)"))
      end += std::string_view("(anonymous namespace)").size();
    else
      break;
  }
  bool qualified = name.substr(0, end).find("::") != std::string_view::npos;
  std::size_t i = 0;
  while (i < end) {
    std::size_t begin = i;
    bool word = is_word(name[i]);
    while (i < end && is_word(name[i]) == word) ++i;
    std::string_view text = name.substr(begin, i - begin);
    if (word && qualified && is_rust_hash(text)) continue;
    pieces.push_back({text, word, word && qualified});
  }
  if (end < name.size()) pieces.push_back({name.substr(end), false, false});
  return pieces;
}

}  // namespace

std::string_view without_copy_suffix(std::string_view symbol) {
  if (std::size_t at = symbol.find('@', 1); at != std::string_view::npos && !symbol.starts_with('?'))
    symbol = symbol.substr(0, at);
  // GCC: cgraph clones (gcc/cgraphclones.cc); LLVM: ThinLTO promotion, hot-cold splitting.
  static constexpr std::array<std::string_view, 8> words = {
      ".constprop.", ".isra.", ".part.", ".cold", ".lto_priv.", ".llvm.", ".localalias", ".clone.",
  };
  std::size_t cut = symbol.size();
  for (std::string_view word : words)
    if (std::size_t at = symbol.find(word, 1); at != std::string_view::npos) cut = std::min(cut, at);
  return symbol.substr(0, cut);
}

std::vector<Piece> pieces_of(std::string_view symbol) {
  symbol = without_copy_suffix(symbol);
  if (symbol.starts_with("__Z") || symbol.starts_with("__R")) symbol.remove_prefix(1);  // Mach-O's underscore
  if (symbol.starts_with("_Z") || symbol.starts_with("_R")) return mangled_pieces(symbol, symbol[1] == 'R');
  return plain_pieces(symbol);
}

}  // namespace linkdx::isa
