// The table of options as help shows it.
#include "option_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "linkdx/language.hpp"
#include "linkdx/report.hpp"

namespace linkdx::cli {
namespace {

constexpr auto Settings = Option::Place::Settings;
constexpr auto CommandLine = Option::Place::CommandLine;
constexpr std::string_view None;

constexpr Option rows[] = {
#define OPTION(command, name, letter, value, choices, fallback, place, text) \
  {command, name, letter, value, choices, fallback, place, text},
#include "options.inc"
#undef OPTION
};

constexpr std::size_t text_column = 24, last_column = 79, page_width = 80;

/// The text from `text_column` on, broken between words; what stands on the first line already is `used`
/// wide.
std::string wrapped(std::string_view text, std::size_t used) {
  if (spoken() != Language::English) {  // lines may end where no space is
    std::string lines = used < text_column ? std::string(text_column - used, ' ') : "";
    for (const std::string& line : report::wrap(text, last_column - text_column)) {
      if (!lines.ends_with(' ')) lines += "\n" + std::string(text_column, ' ');
      lines += line;
    }
    return lines;
  }
  std::string result;
  std::size_t column = used;
  const auto new_line = [&] {
    result += "\n" + std::string(text_column, ' ');
    column = text_column;
  };
  if (used >= text_column) {
    new_line();
  } else {
    result += std::string(text_column - used, ' ');
    column = text_column;
  }
  for (std::string_view word : words_of_list(text)) {
    if (column > text_column && column + 1 + word.size() > last_column) new_line();
    if (column > text_column) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
  }
  return result;
}

}  // namespace

std::span<const Option> all_options() {
  return rows;
}

std::vector<const Option*> options_of(std::string_view command) {
  std::vector<const Option*> found;
  for (const Option& option : rows)
    if (option.command == command) found.push_back(&option);
  return found;
}

std::vector<std::string_view> words_of_list(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t blank = list.find(' ');
    if (blank != 0) words.push_back(list.substr(0, blank));
    list.remove_prefix(blank == std::string_view::npos ? list.size() : blank + 1);
  }
  return words;
}

std::string listed(const std::vector<std::string_view>& words, std::string_view last_joint) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? last_joint : translated(N_(", "));
    text += words[i];
  }
  return text;
}

std::string description(const Option& option) {
  const std::string_view option_text = translated(option.text);
  if (option.choices.empty()) return std::string(option_text);
  std::string marked = say("{} (default)", option.fallback);
  std::vector<std::string_view> words = words_of_list(option.choices);
  for (std::string_view& word : words)
    if (word == option.fallback) word = marked;
  const std::string choices = listed(words, translated(N_(" or ")));
  return option_text.empty() ? choices : say("{}; {}", choices, option_text);
}

std::string page_of(std::string_view english) {
  const std::string_view page = translated(english);
  if (spoken() == Language::English) return std::string(page);
  std::string text;
  for (std::size_t at = 0; at < page.size();) {
    const std::size_t end = std::min(page.find('\n', at), page.size());
    const std::string_view line = page.substr(at, end - at);
    if (line.starts_with(' ')) {  // an example
      text += std::string(line) + "\n";
    } else {
      for (const std::string& part : report::wrap(line, page_width)) text += part + "\n";
    }
    at = end + 1;
  }
  return text;
}

std::string help_page(std::string_view command, std::string_view text) {
  std::string options;
  for (const Option* option : options_of(command)) {
    std::string head = option->letter == 0 ? "      " : fmt::format("  -{}, ", option->letter);
    head += fmt::format("--{}", option->name);
    if (!option->is_switch()) head += fmt::format(" {}", option->value_name());
    // A blank at least lies between the option and its text.
    options += head +
               wrapped(description(*option), head.size() + 1 > text_column ? text_column : head.size()) +
               "\n";
  }
  constexpr std::string_view place = "{options}\n";
  std::string page = page_of(text);
  if (const std::size_t at = page.find(place); at != std::string::npos)
    page.replace(at, place.size(), options);
  return page;
}

}  // namespace linkdx::cli
