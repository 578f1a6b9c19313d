// wild. Sources: libwild/src/layout.rs and libwild/src/elf.rs (Undefined symbol, with the place in the source
// and the object on the next line), libwild/src/error.rs.
#include "grammar.hpp"

namespace linkdx::log {
namespace {

constexpr Pattern kPatterns[] = {
    {Event::Undefined, "Undefined symbol {name}, referenced by {any}", Linker::Wild},
};

}  // namespace

std::span<const Pattern> wild_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
