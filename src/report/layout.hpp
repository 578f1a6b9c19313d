// Text laid out in columns. See layout.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace linkdx::report {

/// Breaks running text into lines of at most `columns`. What stands in backticks, and a word longer than a line,
/// is never broken: it must survive being copied. The text is escaped already.
std::vector<std::string> wrap(std::string_view escaped, std::size_t columns);

/// Breaks a quoted line of a log anywhere, in pieces of at most `columns`; after `most` lines the rest is counted.
std::vector<std::string> fold(std::string_view escaped, std::size_t columns, std::size_t most);

}  // namespace linkdx::report
