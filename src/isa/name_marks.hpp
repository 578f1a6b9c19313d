// Marks: the words in an identifier that say which ISA a function is written for. The words are data
// (name_marks.inc); here is where a word may stand to count, because the short ones have meanings of their
// own (`fma` the C function, `zen` in `frozen`).
#pragma once

#include <string_view>
#include <vector>

#include "linkdx/isa.hpp"
#include "symbol_pieces.hpp"

namespace linkdx::isa {

enum class NamePlace {
  Anywhere,  ///< a word, or glued to what follows when it ends in a digit: `sse2slow`, `avx512x8x2`
  Word,      ///< a whole word: `foo_avx_bar`, `InitNEON`
  Last,      ///< the last word of more than one, after a separator: `sum_xop`, not `xop` or `decNumberXOP`
  LastReserved,    ///< the same in a name that only a C library may have, or behind its machine: `__sin_fma`,
                   ///< `conv_x86_fma`
  LastWhereKnown,  ///< the last word, where the architecture is known to be the word's: `fill_vx`
  LastOnAArch64,   ///< the last word, where the architecture is known to be AArch64 or a `neon` stands before
                   ///< it
  Scope,           ///< a whole component of a qualified name: `simdjson::haswell::parse`
  Core,            ///< the last word, in capitals, after an underscore: `sgemm_kernel_SKYLAKEX`
};
enum class NameBound { Exact, Upper };

struct MarkRow {
  std::string_view word;
  Arch arch;  ///< that of 64 bits stands for both widths
  NamePlace place;
  std::string_view features;
  NameBound bound;
};

struct Mark {
  const MarkRow* row = nullptr;
  std::size_t begin = 0, end = 0;  ///< in the identifier
  bool whole_word = true;          ///< false: glued to other text
  bool question = false;           ///< the name asks for it and does not use it: `has_avx2`, `avx2_supported`
};

/// The marks in one identifier, left to right, longest first where several begin at one place.
std::vector<Mark> marks_in(const Piece& piece, Arch arch);

/// The architecture of 64 bits that rows mean when they are for both widths.
Arch wide(Arch arch);

bool is_weak_word(std::string_view word);

}  // namespace linkdx::isa
