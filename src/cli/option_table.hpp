// The one table of options, which parsing, help, the manual, completions and `.linkdx.toml` are made from.
// See options.inc.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linkdx::cli {

struct Option {
  enum class Place { CommandLine, Settings };  ///< where it may be set; the command line may set all
  std::string_view command, name;
  char letter;
  std::string_view value, choices, fallback;
  Place place;
  std::string_view text;

  bool is_switch() const { return value.empty(); }
  bool is_number() const { return value == "NUMBER"; }
  bool repeats() const { return value.ends_with("..."); }
  std::string_view value_name() const { return repeats() ? value.substr(0, value.size() - 3) : value; }
};

/// All rows, in order.
std::span<const Option> all_options();
/// Those of one command.
std::vector<const Option*> options_of(std::string_view command);

/// The words of a list that is separated by blanks.
std::vector<std::string_view> words_of_list(std::string_view list);
/// `terminal (default), markdown or json; NO_COLOR is heeded`, or the row's text.
std::string description(const Option& option);
/// `a, b and c`; `last_joint` is ` and `, in the spoken language.
std::string listed(const std::vector<std::string_view>& words, std::string_view last_joint);

/// A page of the catalogue, said. English is broken at 80 columns as it stands; of other languages each
/// paragraph is one line in the catalogue, and broken here.
std::string page_of(std::string_view english);

/// The help of a command: its text, in which the line `{options}` stands for the rows of the table, set in 80
/// columns.
std::string help_page(std::string_view command, std::string_view text);

}  // namespace linkdx::cli
