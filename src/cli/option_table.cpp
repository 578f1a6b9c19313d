// The table of options as help shows it.
#include "option_table.hpp"

#include <fmt/format.h>

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

constexpr std::size_t text_column = 24, last_column = 79;

/// The text from `text_column` on, broken between words; what stands on the first line already is `used`
/// wide.
std::string wrapped(std::string_view text, std::size_t used) {
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
    if (i > 0) text += i + 1 == words.size() ? fmt::format(" {} ", last_joint) : ", ";
    text += words[i];
  }
  return text;
}

std::string description(const Option& option) {
  if (option.choices.empty()) return std::string(option.text);
  std::string marked = std::string(option.fallback) + " (default)";
  std::vector<std::string_view> words = words_of_list(option.choices);
  for (std::string_view& word : words)
    if (word == option.fallback) word = marked;
  return listed(words, "or") + (option.text.empty() ? "" : "; ") + std::string(option.text);
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
  std::string page(text);
  if (const std::size_t at = page.find(place); at != std::string::npos)
    page.replace(at, place.size(), options);
  return page;
}

}  // namespace linkdx::cli
