// Reading a command's arguments.
//
// Boost.Program_options does the parsing, with its guessing of abbreviated names switched off: a script that
// relies on `--form` breaks on the day another option begins like that.
#include "arguments.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "commands.hpp"
#include "linkdx/language.hpp"
#include "option_table.hpp"
#include "settings.hpp"

namespace linkdx::cli {
namespace {

namespace po = boost::program_options;

po::options_description described(const std::vector<const Option*>& options) {
  po::options_description known;
  for (const Option* option : options) {
    const std::string names =
        option->letter == 0 ? std::string(option->name) : fmt::format("{},{}", option->name, option->letter);
    if (option->is_switch())
      known.add_options()(names.c_str(), po::bool_switch());
    else if (option->is_number())
      known.add_options()(names.c_str(), po::value<unsigned>()->default_value(static_cast<unsigned>(
                                             std::stoul(std::string(option->fallback)))));
    else if (option->repeats())
      known.add_options()(names.c_str(), po::value<std::vector<std::string>>()->default_value({}, ""));
    else
      known.add_options()(names.c_str(),
                          po::value<std::string>()->default_value(std::string(option->fallback)));
  }
  known.add_options()("words", po::value<std::vector<std::string>>()->default_value({}, ""));
  return known;
}

/// What is wrong with the words that stand where only some may; empty when nothing is.
std::string misplaced_word(const std::vector<const Option*>& options, const po::variables_map& given) {
  for (const Option* option : options) {
    if (option->choices.empty()) continue;
    const po::variable_value& value = given[std::string(option->name)];
    if (value.defaulted()) continue;
    const std::string& word = value.as<std::string>();
    const std::vector<std::string_view> choices = words_of_list(option->choices);
    if (std::find(choices.begin(), choices.end(), word) == choices.end())
      return say("--{} knows {}, and not `{}`{}", option->name, listed(choices, translated(N_(" and "))),
                 word, did_you_mean(word, choices));
  }
  return {};
}

/// What Boost says of a call, in the spoken language where it is known.
std::string reason_of(const po::error& wrong) {
  using Syntax = po::invalid_command_line_syntax;
  if (spoken() == Language::English) return wrong.what();
  if (const auto* syntax = dynamic_cast<const Syntax*>(&wrong)) {
    if (syntax->kind() == Syntax::missing_parameter)
      return say("the required argument for option '{}' is missing", syntax->get_option_name());
    if (syntax->kind() == Syntax::extra_parameter)
      return say("option '{}' does not take any arguments", syntax->get_option_name());
  }
  if (const auto* twice = dynamic_cast<const po::multiple_occurrences*>(&wrong))
    return say("option '{}' cannot be specified more than once", twice->get_option_name());
  if (const auto* value = dynamic_cast<const po::validation_error*>(&wrong))
    return say("the argument for option '{}' is invalid", value->get_option_name());
  return wrong.what();
}

/// What programs read is said in English.
constexpr std::string_view read_by_programs[] = {"json", "sarif", "github", "csv"};

/// Speaks the language that the arguments ask for.
void speak_as_asked(const po::variables_map& given) {
  const auto word = [&given](const char* option) {
    return given.count(option) == 0 ? std::string() : given[option].as<std::string>();
  };
  if (const std::string language = word("lang"); !language.empty()) speak(language_of(language));
  const std::string format = word("format");
  const bool for_programs = std::find(std::begin(read_by_programs), std::end(read_by_programs), format) !=
                            std::end(read_by_programs);
  // Arguments for a tool, and a file that is kept with the sources.
  if (for_programs || !word("for").empty() || !word("write-baseline").empty()) speak(Language::English);
}

/// The settings as if they had been options. False after complaining.
bool add_defaults(std::string_view command, const po::options_description& known, po::variables_map& given) {
  const std::vector<const Option*> options = options_of(command);
  if (std::none_of(options.begin(), options.end(),
                   [](const Option* option) { return option->place == Option::Place::Settings; }))
    return true;
  std::string path = settings_file;
  if (given.count("config") != 0 && command == "check" && !given["config"].as<std::string>().empty())
    path = given["config"].as<std::string>();
  const Defaults defaults = read_defaults(command, path);
  for (const std::string& fault : defaults.faults) complain(path + ": " + fault);
  po::parsed_options said(&known);
  for (const Defaults::Value& value : defaults.values) {
    po::option one;
    one.string_key = std::string(value.option->name);
    one.value = {value.text};
    said.options.push_back(one);
  }
  try {
    po::store(said, given);
  } catch (const po::error& wrong) {
    complain(path + ": " + reason_of(wrong));
    return false;
  }
  if (const std::string wrong = misplaced_word(options, given); !wrong.empty()) {
    complain(path + ": " + wrong);
    return false;
  }
  return defaults.faults.empty();
}

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  const std::string_view near = nearest(word, candidates);
  return near.empty() ? "" : say("; did you mean `{}`?", near);
}

std::optional<Arguments> parse_arguments(std::string_view command,
                                         const std::vector<std::string>& arguments) {
  const bool main = command == "diagnose";
  const auto refuse = [&](const std::string& reason) {
    complain(reason);
    complain(say("`linkdx{} --help` shows how it is called", main ? "" : " " + std::string(command)));
    return std::nullopt;
  };
  const std::vector<const Option*> options = options_of(command);
  const po::options_description known = described(options);
  po::positional_options_description positions;
  positions.add("words", -1);
  po::variables_map given;
  try {
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(known).positional(positions).style(style).run(),
              given);
  } catch (const po::unknown_option& unknown) {
    std::vector<std::string> names;
    for (const Option* option : options) names.push_back(fmt::format("--{}", option->name));
    const std::string option = unknown.get_option_name();
    const std::string meant = did_you_mean(option, {names.begin(), names.end()});
    return refuse(main ? say("there is no option `{}`{}", option, meant)
                       : say("{} has no option `{}`{}", command, option, meant));
  } catch (const po::error& wrong) {
    return refuse(reason_of(wrong));
  }
  if (const std::string wrong = misplaced_word(options, given); !wrong.empty()) return refuse(wrong);
  speak_as_asked(given);
  if (!given["help"].as<bool>() && !add_defaults(command, known, given)) return std::nullopt;
  speak_as_asked(given);
  return Arguments(std::move(given));
}

}  // namespace linkdx::cli
