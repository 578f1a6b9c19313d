// Functions above the baseline that run all the same, one by one. What they have in common is said in
// findings.cpp.
#pragma once

#include <string>
#include <vector>

#include "code.hpp"

namespace linkdx::check {

struct Leak {
  enum class Kind {
    Copy,         ///< several objects define it, and the copy that is kept needs more than another
    Constructor,  ///< runs when the file is loaded
    Call,         ///< code of the baseline calls it without asking
    Main,         ///< `main`, or where a thread begins
    Running,      ///< others run it, and no choice is seen
  } kind = Kind::Running;
  const scan::ScannedObject* object = nullptr;
  const scan::ScannedCode* code = nullptr;
  isa::FeatureSet above;   ///< what it uses unasked, of what the baseline lacks
  isa::Witness witness{};  ///< the first instruction of these
  std::string how{};       ///< who runs it: `called by X in y.o`
  const scan::ScannedCode* caller = nullptr;
  std::vector<Definition> others{};  ///< Copy: the other definitions
  bool order_unknown = false;        ///< Copy: no link says which one is kept
  Severity severity = Severity::Error;
  Confidence confidence = Confidence::Certain;
};

struct Leaks {
  std::vector<Leak> leaks;
  /// A copy above the baseline that this link leaves out and another order of the inputs would keep.
  std::vector<Leak> avoided;
  /// Functions above the baseline of which it cannot be told who runs them.
  std::vector<Leak> undecided;
};
Leaks find_leaks(const Scope& scope, const Code& code);

/// The crate that a Rust symbol belongs to; empty for other symbols.
std::string crate_of(std::string_view symbol);

}  // namespace linkdx::check
