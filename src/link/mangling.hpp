// One function, many symbol names.
//
// C writes `f` (some systems `_f`), C++ adds namespaces and parameter types (`_Z1fi`), Rust a hash of the
// crate's version and options. Declared one way and defined the other, the linker sees two strangers. This
// file says whether two symbol names can be such a pair, and in what they differ.
//
// Sources: the Itanium C++ ABI (demangling), the Rust reference on symbol mangling (legacy `17h...E`, v0).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace linkdx::link {

/// A symbol taken apart, once, to be held against many others.
struct Mangled {
  enum class Scheme { Plain, Itanium, RustLegacy, RustV0, Other } scheme = Scheme::Plain;
  std::string symbol;
  std::string demangled{};   ///< without [abi:...] and hashes
  std::string scope{};       ///< `a::b` of `a::b::f(int)`
  std::string base{};        ///< `f`
  std::string parameters{};  ///< `(int)`
};
Mangled take_apart(std::string_view symbol);

/// One sentence on how the two differ, when they can be the same function to a programmer.
std::optional<std::string> other_mangling(const Mangled& wanted, const Mangled& candidate);

}  // namespace linkdx::link
