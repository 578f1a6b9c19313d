// What the commands with options of their own share: reading their arguments by Boost.Program_options, and what is said of
// those that make no sense.
#pragma once

#include <boost/program_options.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linkdx::cli {

/// The arguments of `command`; nothing after complaining. An unknown option is answered with the nearest known one, never guessed.
std::optional<boost::program_options::variables_map> parse_arguments(
    std::string_view command, const std::vector<std::string>& arguments,
    const boost::program_options::options_description& known,
    const boost::program_options::positional_options_description& positions);

}  // namespace linkdx::cli
