// Reading a command's arguments: what they may be is the table of options, what is not given may stand in
// `.linkdx.toml`.
#pragma once

#include <boost/program_options.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linkdx::cli {

/// What a command was given. Every option of its table has a value; what is no option is under `words`.
class Arguments {
 public:
  explicit Arguments(boost::program_options::variables_map values) : values_(std::move(values)) {}
  std::string text(const char* option) const { return values_[option].as<std::string>(); }
  bool has(const char* option) const { return values_[option].as<bool>(); }
  unsigned number(const char* option) const { return values_[option].as<unsigned>(); }
  std::vector<std::string> list(const char* option) const {
    return values_[option].as<std::vector<std::string>>();
  }
  std::vector<std::string> words() const { return list("words"); }

 private:
  boost::program_options::variables_map values_;
};

/// The arguments of `command`; nothing after complaining. An unknown option or word is answered with the
/// nearest known one, never guessed. `settings` is a file of defaults to use in place of the `.linkdx.toml`
/// that lies in the working directory.
std::optional<Arguments> parse_arguments(std::string_view command, const std::vector<std::string>& arguments);

/// `; did you mean `NEAR`?`, or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace linkdx::cli
