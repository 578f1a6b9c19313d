// A symbol name cut into the identifiers that a programmer wrote and the text between them. In plain names
// the whole name is one identifier; mangled names write each as its length and its characters
// (`_ZN1a8sum_avx2EPKf`), so an identifier can only be found, and two names of one family only compared, once
// the lengths are off.
#pragma once

#include <string_view>
#include <vector>

namespace linkdx::isa {

struct Piece {
  std::string_view text;
  bool identifier = false;  ///< written by a programmer; else punctuation, types, mangling
  bool own_scope = false;   ///< a component of a qualified name that stands alone between `::`
};

/// What compilers append to a local copy (`.constprop.0`, `.cold`, `.llvm.123`), and a version
/// (`@GLIBC_2.2.5`), is dropped.
std::string_view without_copy_suffix(std::string_view symbol);

std::vector<Piece> pieces_of(std::string_view symbol);

}  // namespace linkdx::isa
