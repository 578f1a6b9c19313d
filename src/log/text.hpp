// Small helpers on text that the files of this room share.
#pragma once

#include <cstdint>
#include <string_view>

namespace linkdx::log {

inline bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

inline std::string_view trim_left(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

inline std::string_view trim_right(std::string_view text) {
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

inline std::string_view trim(std::string_view text) {
  return trim_left(trim_right(text));
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

inline bool drop_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

inline bool drop_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

/// File name of a path, with either slash.
inline std::string_view base_name(std::string_view path) {
  std::size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// Digits at the start of `text`, read and taken off. False when there are none.
inline bool take_number(std::string_view& text, std::uint64_t& number) {
  std::size_t count = 0;
  number = 0;
  while (count < text.size() && count < 18 && is_digit(text[count]))
    number = number * 10 + (text[count++] - '0');
  text.remove_prefix(count);
  return count != 0;
}

/// A line of `ninja -v` without its progress: "[3/12] ".
inline std::string_view without_progress(std::string_view text) {
  std::string_view rest = text;
  std::uint64_t number;
  if (drop_prefix(rest, "[") && take_number(rest, number) && drop_prefix(rest, "/") &&
      take_number(rest, number) && drop_prefix(rest, "] "))
    return trim_left(rest);
  return text;
}

/// Where Microsoft's tools say "error C2039:" (`error A2006:`, `error D8016:`), the end of it; npos when they
/// do not.
inline std::size_t numbered_error_end(std::string_view text) {
  for (std::size_t at = text.find("error "); at != std::string_view::npos; at = text.find("error ", at + 1)) {
    std::size_t digits = at + 6;
    if (digits < text.size() && text[digits] >= 'A' && text[digits] <= 'Z') ++digits;
    if (digits == at + 6 || text.size() < digits + 5) continue;
    if (is_digit(text[digits]) && is_digit(text[digits + 1]) && is_digit(text[digits + 2]) &&
        is_digit(text[digits + 3]) && text[digits + 4] == ':')
      return digits + 5;
  }
  return std::string_view::npos;
}

/// Whether a message calls itself an error.
inline bool says_error(std::string_view text) {
  return contains(text, "error:") || contains(text, "Error:") || contains(text, "ERROR:") ||
         contains(text, "error[") || numbered_error_end(text) != std::string_view::npos;
}

}  // namespace linkdx::log
