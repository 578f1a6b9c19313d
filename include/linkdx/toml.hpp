// TOML of any origin, read by toml++.
//
// toml++ 3.3 asserts that its parser never meets some malformed texts, and tells the compiler to rely on that
// in a build without assertions. Here such an assertion is an exception, and the text has a fault like any
// other. That is decided where toml++ is compiled, so it is taken from its headers, and from this one alone.
#pragma once

#include <exception>
#include <string_view>

namespace linkdx {

struct UnforeseenToml : std::exception {
  const char* what() const noexcept override { return "something here is not TOML"; }
};

[[noreturn]] inline void unforeseen_toml() {
  throw UnforeseenToml();
}

}  // namespace linkdx

#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(condition) ((condition) ? void() : ::linkdx::unforeseen_toml())
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

namespace linkdx {

/// The table that the text is. Throws toml::parse_error with the place; the place is unknown (line 0) where
/// toml++ gave none.
inline toml::table parse_toml(std::string_view text, std::string_view path = {}) {
  try {
    return toml::parse(text, path);
  } catch (const UnforeseenToml& fault) {
    throw toml::parse_error(fault.what(), toml::source_position{});
  }
}

}  // namespace linkdx
