// Symbols whose home is written down somewhere: compiler helpers, the C library's split-off parts, system
// libraries. The rows are in helpers.inc, each with its source.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linkdx/diagnose.hpp"
#include "linkdx/language.hpp"
#include "linkdx/pattern.hpp"

namespace linkdx::diagnose {

/// One row: names that match `pattern` (`*` stands for any text) come from `library`.
struct Helper {
  std::string_view pattern;
  Cause cause;              ///< the cause when it is missing
  std::string_view home;    ///< library that has it, `atomic` of libatomic; empty: none has
  std::string_view flag;    ///< what to add to the link; empty: the driver adds it by itself
  std::string_view what;    ///< what it is, one clause
  std::string_view why;     ///< why it goes missing, one sentence
  std::string_view source;  ///< where this is written down
};
/// The first row that fits; null if none does.
const Helper* find_helper(std::string_view symbol);

/// Debian packages that hold the file of -lNAME for the target, where the name alone settles it.
bool takes_debian_packages(const Case& facts);
std::vector<std::string> packages_of_library(std::string_view library, std::string_view target);

/// A name that compilers expand to instructions: an intrinsic or a builtin (intrinsics.inc).
bool is_intrinsic(std::string_view name);
/// One that compilers have for x86-64 alone (intrinsics_of_x86_64.inc).
bool is_intrinsic_of_x86_64(std::string_view name);

}  // namespace linkdx::diagnose
