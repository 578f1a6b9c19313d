// GNU ld, GCC and GNU as in the languages that they are translated to. The tables are made from their message
// catalogues; what newer or older translations of the linker say otherwise is left to the structure of the
// line (structure.hpp).
#include "grammar.hpp"

namespace linkdx::log {
namespace {

constexpr Pattern message(ToolMessage::Kind kind, std::string_view text) {
  return {Event::Message, text, Linker::Unknown, InputError::Kind::Other, kind};
}

constexpr Pattern kPatterns[] = {
#include "gnu_ld_translated.inc"
#include "compilers_translated.inc"
};

}  // namespace

std::span<const Pattern> gnu_ld_translated_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
