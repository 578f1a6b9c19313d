// Defaults of options from `.linkdx.toml`. See settings.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "option_table.hpp"

namespace linkdx::cli {

inline constexpr const char* settings_file = ".linkdx.toml";

struct Defaults {
  struct Value {
    const Option* option;
    std::string text;  ///< as the command line would have it; `true` or `false` of a switch
  };
  std::vector<Value>
      values;  ///< each option once: what is said for the command outranks what is said for all
  std::vector<std::string> faults;
};
/// What the file says for a command. A file that is not there says nothing.
Defaults read_defaults(std::string_view command, const std::string& path);

}  // namespace linkdx::cli
