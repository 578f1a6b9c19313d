// Which language is spoken, and its texts.
#include "linkdx/language.hpp"

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

}  // namespace

std::string closed_up(std::string text) {
  for (std::size_t at = text.find(' ', 3); at != std::string::npos; at = text.find(' ', at + 1))
    if (is_chinese(std::string_view(text).substr(at - 3, 3)) &&
        is_chinese(std::string_view(text).substr(at + 1, 3)))
      text.erase(at--, 1);
  return text;
}

void speak(Language language) {
  chosen = language;
}

Language spoken() {
  return chosen;
}

Language language_of(std::string_view word) {
  const std::string_view locale = word.substr(0, word.find_first_of(".@"));
  for (const std::string_view name : simplified_chinese)
    if (locale == name) return Language::Chinese;
  return Language::English;
}

std::string_view translated(std::string_view english) {
  if (chosen == Language::English || english.empty()) return english;
  return chinese().find(english).value_or(english);
}

}  // namespace linkdx
