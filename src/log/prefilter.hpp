// Most lines of a build log are of no interest, and a log may be a gigabyte. The prefilter finds the next
// position that may belong to an interesting line by sampling pairs of bytes: every word below has three
// neighbouring bytes that are marked in a table of pairs in both alignments, so looking at every second
// position of the text is enough to meet each of them. A position that the table marks is then compared
// with the word itself. A line without any of the words can match no pattern of the grammar: a test holds
// the tables against each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace linkdx::log {

/// Offset of the first word at or after `from`; `npos` when the rest holds none.
std::size_t find_word(std::string_view text, std::size_t from);

/// One bit for each word that the text holds.
std::uint64_t scan_words(std::string_view text);

/// The words that a pattern's literal text contains.
std::uint64_t words_of(std::string_view literal);

}  // namespace linkdx::log
