// What other programs put around a tool's line: colours, time stamps, Docker BuildKit's step numbers, quoting
// of mails and comments, rustc's `= note:`. All of it is taken off before a line is read. Sources: BuildKit's
// util/progress/progressui (plain mode), GitHub's and GitLab's log formats, ECMA-48 for the colours.
#pragma once

#include <string>
#include <string_view>

namespace linkdx::log {

struct Unwrapped {
  std::string_view text;  ///< the line itself, without indentation
  std::string stream;     ///< which of several interleaved steps it belongs to; empty for most logs
  bool indented = false;  ///< the line began with blanks behind the wrapping
  bool excerpt = false;   ///< BuildKit's summary at the end, which repeats the failed step
};

/// Takes the wrapping off. `storage` holds the text when bytes inside the line had to be removed.
Unwrapped unwrap(std::string_view line, std::string& storage);

}  // namespace linkdx::log
