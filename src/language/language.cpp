// Which language is spoken, and its texts.
//
// What the environment asks for is read as gettext reads it (GNU gettext manual, "Locale Environment
// Variables" and "The LANGUAGE variable"): the first of LC_ALL, LC_MESSAGES and LANG that is not empty is the
// locale. C and POSIX are English whatever else is set; else LANGUAGE, a list by preference, outranks the
// locale. Texts are written in UTF-8, so a locale of another encoding (LC_ALL, LC_CTYPE, LANG) gets English,
// which every encoding can show.
#include "linkdx/language.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

#include "catalogue.hpp"

namespace linkdx {
namespace {

Language chosen = Language::English;

/// Locales written in simplified Chinese, without encoding and modifier (`zh_CN.UTF-8`).
constexpr std::string_view simplified_chinese[] = {"zh", "zh_CN", "zh_SG", "zh_Hans"};

/// Ideographs, Chinese punctuation and full-width forms begin with these bytes in UTF-8 (U+3000 to U+303F,
/// U+3400 to U+9FFF, U+FF00 to U+FFEF). The quotation marks are not among them: Latin text has them too.
bool is_chinese(std::string_view character) {
  if (character.size() < 3) return false;
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(character[index]); };
  const unsigned value = (byte(0) & 0x0fu) << 12 | (byte(1) & 0x3fu) << 6 | (byte(2) & 0x3fu);
  return (byte(0) & 0xf0u) == 0xe0u &&
         ((value >= 0x3000 && value <= 0x303f) || (value >= 0x3400 && value <= 0x9fff) ||
          (value >= 0xff00 && value <= 0xffef));
}

std::string_view first_set(std::initializer_list<std::string_view> values) {
  for (const std::string_view value : values)
    if (!value.empty()) return value;
  return {};
}

/// The locales that mean no language: `C`, `C.UTF-8`, `POSIX`, and none.
bool is_untranslated(std::string_view locale) {
  const std::string_view name = locale.substr(0, locale.find('.'));
  return name.empty() || name == "C" || name == "POSIX";
}

/// Whether the locale's texts are in UTF-8, as far as it says: `zh_CN.utf8`, `zh_CN`, but not `zh_CN.GBK`.
bool is_utf8(std::string_view locale) {
  const std::size_t dot = locale.find('.');
  if (dot == std::string_view::npos) return true;
  std::string encoding;
  for (const char c : locale.substr(dot + 1, locale.find('@') - dot - 1))
    if (c != '-') encoding += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return encoding == "utf8";
}

/// What errno says of files and programs in most cases, in glibc's and musl's words. Other errors are said in
/// English in every language.
[[maybe_unused]] constexpr std::string_view system_faults[] = {
    N_("No such file or directory"),
    N_("Permission denied"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("Input/output error"),
    N_("I/O error"),
    N_("No space left on device"),
    N_("Read-only file system"),
    N_("File name too long"),
    N_("Exec format error"),
    N_("Operation not permitted"),
    N_("Too many open files"),
    N_("Symbolic link loop"),
    N_("Too many levels of symbolic links"),
};

}  // namespace

namespace {

bool ends_in_chinese(std::string_view text) {
  return text.size() >= 3 && is_chinese(text.substr(text.size() - 3));
}

/// Puts `more` behind `text`, without a space that would stand between Chinese and Chinese.
void append_closely(std::string& text, std::string_view more) {
  if (is_chinese(more.substr(0, 3)) && text.ends_with(' ') &&
      ends_in_chinese(std::string_view(text).substr(0, text.size() - 1)))
    text.pop_back();
  else if (more.starts_with(' ') && is_chinese(more.substr(1, 3)) && ends_in_chinese(text))
    more.remove_prefix(1);
  text += more;
}

}  // namespace

std::string filled_in(std::string_view text, fmt::format_args arguments) {
  std::string result;
  int next = 0;
  while (!text.empty()) {
    const std::size_t brace = std::min(text.find_first_of("{}"), text.size());
    append_closely(result, text.substr(0, brace));
    text.remove_prefix(brace);
    if (text.empty()) break;
    if (text.size() > 1 && text[0] == text[1]) {  // {{ or }}
      result += text[0];
      text.remove_prefix(2);
      continue;
    }
    // One argument alone, by its number: `{}` and `{:x}` take the next.
    const std::size_t end = std::min(text.find('}'), text.size() - 1);
    std::string place(text.substr(0, end + 1));
    if (place.size() > 1 && (place[1] == '}' || place[1] == ':')) place.insert(1, std::to_string(next++));
    append_closely(result, fmt::vformat(place, arguments));
    text.remove_prefix(end + 1);
  }
  return result;
}

void speak(Language language) {
  chosen = language;
}

Language spoken() {
  return chosen;
}

std::string_view language_tag() {
  return chosen == Language::Chinese ? "zh-CN" : "en";
}

Language language_of(std::string_view word) {
  const std::string_view locale = word.substr(0, word.find_first_of(".@"));
  for (const std::string_view name : simplified_chinese)
    if (locale == name) return Language::Chinese;
  return Language::English;
}

LocaleVariables locale_variables() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string_view(value == nullptr ? "" : value);
  };
  return {variable("LANGUAGE"), variable("LC_ALL"), variable("LC_MESSAGES"), variable("LC_CTYPE"),
          variable("LANG")};
}

Language language_of(const LocaleVariables& variables) {
  const std::string_view locale = first_set({variables.lc_all, variables.lc_messages, variables.lang});
  if (is_untranslated(locale) || !is_utf8(first_set({variables.lc_all, variables.lc_ctype, variables.lang})))
    return Language::English;
  if (variables.language.empty()) return language_of(locale);
  std::string_view list = variables.language;
  while (!list.empty()) {
    const std::size_t colon = list.find(':');
    const std::string_view wanted = list.substr(0, colon);
    if (wanted == "en" || wanted.starts_with("en_") || is_untranslated(wanted)) return Language::English;
    if (language_of(wanted) != Language::English) return language_of(wanted);
    list.remove_prefix(colon == std::string_view::npos ? list.size() : colon + 1);
  }
  return Language::English;
}

std::string_view sentence_gap() {
  return chosen == Language::Chinese ? "" : " ";
}

std::string system_fault(int error) {
  return say(std::strerror(error));
}

std::string_view translated(std::string_view english) {
  if (chosen == Language::English || english.empty()) return english;
  return chinese().find(english).value_or(english);
}

}  // namespace linkdx
