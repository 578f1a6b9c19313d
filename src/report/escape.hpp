// How untrusted text becomes text that can be shown. See escape.cpp.
#pragma once

#include <string>
#include <string_view>

namespace linkdx::report {

/// What may pass through unchanged beside printable characters.
enum class Keep { Nothing, LinesAndTabs };

/// The text with everything invisible or harmful made visible.
std::string visible(std::string_view text, Keep keep);

/// JSON text in which no character can harm a terminal that prints it: those become \uXXXX.
std::string ascii_escape_json(std::string json);

/// A path as the URI of a file: what is not unreserved in RFC 3986, nor `/`, is written as %XX.
std::string file_uri(std::string_view path);

/// A Markdown code span that shows the text literally; also valid inside a table cell.
std::string code_span(std::string_view text);
/// A fenced code block that shows the text literally, its last line ended.
std::string fenced(std::string_view text, std::string_view language);
/// Running text for Markdown in which `words in backticks` become code spans; the rest is escaped.
std::string markdown_prose(std::string_view text);

/// At most `columns` columns of escaped text: the middle of longer text is replaced by a note of what is
/// missing.
std::string elide_middle(std::string_view escaped, std::size_t columns);

}  // namespace linkdx::report
