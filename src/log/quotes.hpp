// Quotation marks in tool messages. GNU tools open with a backtick and close with an apostrophe in the C
// locale, use ‘x’ in UTF-8 locales, and their translators use what their languages write: «x», « x », »x«,
// „x“, ”x”, “x”, ‚x‘ (the po files of binutils and GCC). Tools of other families use 'x', "x" and `x`.
#pragma once

#include <string_view>

namespace linkdx::log {

struct Quoted {
  std::string_view text;           ///< what stands between the marks, without the blanks that French adds
  std::size_t begin = 0, end = 0;  ///< of the whole, marks included
  bool closed = false;
  explicit operator bool() const { return end != 0; }
};

/// Quoted text that begins at `at`, closed by a mark that `follow` comes after; with an empty `follow`, by
/// the mark that ends the line or else the first one that no name continues behind.
Quoted quoted_at(std::string_view text, std::size_t at, std::string_view follow);

/// The first quoted text at or after `from`.
Quoted find_quoted(std::string_view text, std::size_t from);

/// A name without the closing mark of a quotation whose opening mark was cut off.
std::string_view strip_stray_quote(std::string_view name);

}  // namespace linkdx::log
