// GNU ld's messages in languages without a table. What a translator cannot change is the form of the place:
// the object, the section in parentheses or the source line, and the name between quotation marks of some
// style:
//
//     ld: x.o: WORDS »main«:                     a heading: "in function"
//     x.c:(.text+0x12): WORDS »foo« WORDS        an undefined reference
//     /src/x.c:3: WORDS »foo«                    the same with debug information, behind a heading
//
// Messages of other meaning with the same place have a second quotation, a colon or a semicolon.
#pragma once

#include <string_view>

#include "grammar.hpp"

namespace linkdx::log {

/// Reads a line by its form alone. `behind_heading`: a heading of GNU ld stands before it.
Match match_structure(std::string_view text, bool behind_heading);

}  // namespace linkdx::log
