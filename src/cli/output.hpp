// Files that the program writes. See output.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace linkdx::cli {

/// Makes `path` hold `text`, whole or not at all. Returns why not.
std::optional<std::string> replace_file(const std::string& path, std::string_view text);

}  // namespace linkdx::cli
