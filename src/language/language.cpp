// Which language is spoken, and its texts.
#include "linkdx/language.hpp"

#include "catalogue.hpp"

namespace linkdx {
namespace {

Language chosen = Language::English;

/// Locales written in simplified Chinese, without encoding and modifier (`zh_CN.UTF-8`).
constexpr std::string_view simplified_chinese[] = {"zh", "zh_CN", "zh_SG", "zh_Hans"};

}  // namespace

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
