// The language that reports, messages and explanations are said in.
//
// English is what stands in the source; `src/language/*.po` hold the other languages, one catalogue each, in
// gettext's format, and the build fails when a catalogue lacks a text. Formats that machines read (JSON,
// SARIF, CSV, annotations) are always English: whoever writes them chooses English first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

/// Marks a text of a table for the catalogues; say() or translated() is called where the row is used.
/// gettext's own name.
#define N_(text) text

namespace linkdx {

enum class Language : std::uint8_t { English, Chinese };

/// Chooses for the whole process, before anything is said and before any thread is started.
void speak(Language language);
Language spoken();
/// The spoken language as pages name it (BCP 47): `en`, `zh-CN`.
std::string_view language_tag();

/// The language of `word` as `--lang` and environment variables have it: `zh`, `zh_CN.UTF-8`. English for all
/// that has no catalogue; traditional Chinese (zh_TW, zh_HK) is such a one, unless it is asked for by `zh`
/// alone.
Language language_of(std::string_view word);

/// The environment variables that say which language a user reads; empty when not set.
struct LocaleVariables {
  std::string_view language{}, lc_all{}, lc_messages{}, lc_ctype{}, lang{};
};
LocaleVariables locale_variables();
/// The language they ask for, by the rules of gettext.
Language language_of(const LocaleVariables& variables);

/// The text in the spoken language, or itself where the catalogue has none.
std::string_view translated(std::string_view english);

/// A text with its arguments filled in. Chinese stands apart from Latin letters by a space and from Chinese
/// by none: a text has the space around each argument, since most are names, and it is taken away where
/// Chinese was put in. What stands inside an argument is left as it is.
std::string filled_in(std::string_view text, fmt::format_args arguments);

/// A plain text; braces in it are braces.
inline std::string say(std::string_view english) {
  return std::string(translated(english));
}

/// What stands between two sentences: a blank, or nothing where the first one's stop is as wide as that.
std::string_view sentence_gap();

/// What the system calls an error number: `No such file or directory`.
std::string system_fault(int error);

/// A text with `{}` for each argument. Translations may take them in another order: `{1} ... {0}`.
template <typename... Arguments>
  requires(sizeof...(Arguments) > 0)
std::string say(fmt::format_string<Arguments...> english, Arguments&&... arguments) {
  const fmt::string_view text = english;
  if (spoken() == Language::English) return fmt::vformat(text, fmt::make_format_args(arguments...));
  return filled_in(translated(std::string_view(text.data(), text.size())),
                   fmt::make_format_args(arguments...));
}

}  // namespace linkdx
