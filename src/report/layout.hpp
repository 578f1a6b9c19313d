// Text laid out in columns. See layout.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linkdx/report.hpp"  // wrap

namespace linkdx::report {

/// Breaks a quoted line of a log in pieces of at most `columns`, between words where that is near.
std::vector<std::string> fold(std::string_view escaped, std::size_t columns);

/// About `bytes` of a quoted line: its beginning, and what stands around the first word of `focus` that is in
/// it, or else its end. `[N more bytes]` stands for each part left out.
std::string excerpt(std::string_view escaped, std::size_t bytes, const std::vector<std::string>& focus);

/// The length in bytes of the longest beginning that fits; never less than one character.
std::size_t prefix_within(std::string_view text, std::size_t columns);

/// The end of a path that is wider than `columns`: `.../deps/libx.rlib(x.o)`.
std::string shortened_path(std::string_view escaped, std::size_t columns);

}  // namespace linkdx::report
