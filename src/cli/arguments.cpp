// Reading a command's arguments.
#include "arguments.hpp"

#include <fmt/format.h>

#include "commands.hpp"

namespace linkdx::cli {

namespace po = boost::program_options;

std::optional<po::variables_map> parse_arguments(std::string_view command,
                                                 const std::vector<std::string>& arguments,
                                                 const po::options_description& known,
                                                 const po::positional_options_description& positions) {
  po::variables_map given;
  try {
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(known).positional(positions).style(style).run(),
              given);
  } catch (const po::unknown_option& unknown) {
    std::vector<std::string> names;
    for (const auto& option : known.options()) names.push_back("--" + option->long_name());
    const std::string_view near = nearest(unknown.get_option_name(), {names.begin(), names.end()});
    complain(fmt::format("{} has no option `{}`{}", command, unknown.get_option_name(),
                         near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
    return std::nullopt;
  } catch (const po::error& wrong) {
    complain(wrong.what());
    return std::nullopt;
  }
  return given;
}

}  // namespace linkdx::cli
