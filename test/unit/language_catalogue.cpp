// The catalogues that the program carries: found by bisection, with the placeholders that their texts have.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "catalogue.hpp"
#include "linkdx/language.hpp"

using linkdx::Catalogue;
using linkdx::Language;
using linkdx::language_of;

namespace {

/// `{}`, `{0}`, `{1:x}`: the numbers of the arguments that a text takes, in order of number; {{ and }} are
/// braces.
std::vector<int> arguments_of(std::string_view text) {
  std::vector<int> arguments;
  int next = 0;
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (text[at] != '{') continue;
    if (text[at + 1] == '{') {
      ++at;
      continue;
    }
    const bool numbered = text[at + 1] >= '0' && text[at + 1] <= '9';
    if (numbered || text[at + 1] == '}' || text[at + 1] == ':')
      arguments.push_back(numbered ? text[at + 1] - '0' : next++);
  }
  std::sort(arguments.begin(), arguments.end());
  arguments.erase(std::unique(arguments.begin(), arguments.end()), arguments.end());
  return arguments;
}

}  // namespace

TEST_CASE("every text of the catalogue is found, and none that is not there") {
  const Catalogue& catalogue = linkdx::chinese();
  REQUIRE(catalogue.size() > 0);
  for (std::size_t index = 0; index < catalogue.size(); ++index) {
    const auto [text, translation] = catalogue.entry(index);
    CHECK_MESSAGE(catalogue.find(text) == translation, std::string(text));
    CHECK_FALSE(catalogue.find(std::string(text) + "\x01"));
  }
  CHECK_FALSE(catalogue.find("no such text"));
}

TEST_CASE("a translation takes the arguments that its text takes") {
  const Catalogue& catalogue = linkdx::chinese();
  for (std::size_t index = 1; index < catalogue.size(); ++index) {
    const auto [text, translation] = catalogue.entry(index);
    CHECK_MESSAGE(arguments_of(text) == arguments_of(translation), std::string(text));
  }
}

TEST_CASE("names of locales") {
  CHECK(language_of("zh_CN.UTF-8") == Language::Chinese);
  CHECK(language_of("zh") == Language::Chinese);
  CHECK(language_of("zh_SG") == Language::Chinese);
  CHECK(language_of("zh_TW.UTF-8") == Language::English);
  CHECK(language_of("C.UTF-8") == Language::English);
  CHECK(language_of("") == Language::English);
}

TEST_CASE("the locale chooses the language as gettext would") {
  const auto chosen = [](linkdx::LocaleVariables variables) { return language_of(variables); };
  CHECK(chosen({.lang = "zh_CN.UTF-8"}) == Language::Chinese);
  CHECK(chosen({.lang = "zh_CN"}) == Language::Chinese);
  CHECK(chosen({.lang = "en_US.UTF-8"}) == Language::English);
  CHECK(chosen({}) == Language::English);
  // LC_ALL outranks LC_MESSAGES, and that LANG.
  CHECK(chosen({.lc_messages = "zh_CN.UTF-8", .lang = "de_DE.UTF-8"}) == Language::Chinese);
  CHECK(chosen({.lc_messages = "en_GB.UTF-8", .lang = "zh_CN.UTF-8"}) == Language::English);
  CHECK(chosen({.lc_all = "C.UTF-8", .lc_messages = "zh_CN.UTF-8"}) == Language::English);
  // LANGUAGE outranks them, but not C.
  CHECK(chosen({.language = "zh_CN:en", .lang = "en_US.UTF-8"}) == Language::Chinese);
  CHECK(chosen({.language = "de:zh_CN", .lang = "en_US.UTF-8"}) == Language::Chinese);
  CHECK(chosen({.language = "en:zh_CN", .lang = "zh_CN.UTF-8"}) == Language::English);
  CHECK(chosen({.language = "zh_CN", .lc_all = "C"}) == Language::English);
  CHECK(chosen({.language = "zh_CN", .lang = "POSIX"}) == Language::English);
  CHECK(chosen({.language = "zh_CN"}) == Language::English);
}

TEST_CASE("a locale that is not in UTF-8 gets English, which every encoding can show") {
  CHECK(language_of(linkdx::LocaleVariables{.lang = "zh_CN.GB18030"}) == Language::English);
  CHECK(language_of(linkdx::LocaleVariables{.lang = "zh_CN.utf8@pinyin"}) == Language::Chinese);
  CHECK(language_of(linkdx::LocaleVariables{.lc_ctype = "en_US.ISO-8859-1", .lang = "zh_CN.UTF-8"}) ==
        Language::English);
}

TEST_CASE("English is said as it stands") {
  linkdx::speak(Language::English);
  CHECK(linkdx::say("no such text") == "no such text");
  CHECK(linkdx::say("a brace { stays") == "a brace { stays");
  CHECK(linkdx::say("{} of {}", 2, "three") == "2 of three");
}

TEST_CASE("no space stands between a Chinese text and a Chinese argument") {
  const auto filled = [](std::string_view text, auto... arguments) {
    return linkdx::filled_in(text, fmt::make_format_args(arguments...));
  };
  CHECK(filled("缺少 {} 的版本 `{}`", std::string("库"), std::string("X")) == "缺少库的版本 `X`");
  CHECK(filled("{} 里的 {} 与 C 库", std::string("（共 3 个）"), std::string("libm")) ==
        "（共 3 个）里的 libm 与 C 库");
  CHECK(filled("{} {}", std::string("库"), std::string("文件")) == "库文件");
  CHECK(filled("{1} 的 {0:#x} {{}}", 255, std::string("a")) == "a 的 0xff {}");
  CHECK(filled("", 1) == "");
}

TEST_CASE("the spaces of an argument are its own: a path keeps them") {
  const std::string path = "/home/我的 文件/sum 库.o";
  CHECK(linkdx::filled_in("编译 `{}`", fmt::make_format_args(path)) == "编译 `/home/我的 文件/sum 库.o`");
  CHECK(linkdx::filled_in("编译 {} 时", fmt::make_format_args(path)) == "编译 /home/我的 文件/sum 库.o 时");
}
