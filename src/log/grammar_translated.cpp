// GNU ld in the languages that binutils is translated to. The table is made from its message catalogues; what
// newer or older translations say otherwise is left to the structure of the line (see reader.cpp, structural_match).
#include "grammar.hpp"

namespace linkdx::log {
namespace {

constexpr Pattern kPatterns[] = {
#include "gnu_ld_translated.inc"
};

}  // namespace

std::span<const Pattern> gnu_ld_translated_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
