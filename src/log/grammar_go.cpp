// Go's linker. Source: cmd/link/internal/ld/data.go and cmd/link/internal/loader; the words before Go 1.9
// were those of cmd/link/internal/ld/lib.go.
#include "grammar.hpp"

namespace linkdx::log {
namespace {

constexpr Pattern kPatterns[] = {
    {Event::Undefined,
     "^{function}: relocation target {name} not defined for {expected} (but is defined for {found})",
     Linker::GoLink},
    {Event::Undefined, "relocation target {name} not defined for {expected} (but is defined for {found})",
     Linker::GoLink},
    {Event::Undefined, "^{function}: relocation target {name} not defined", Linker::GoLink},
    {Event::Undefined, "relocation target {name} not defined", Linker::GoLink},
    {Event::Duplicate, "duplicated definition of symbol {name}, from {object} and {other}", Linker::GoLink},
    {Event::Undefined, "^{function}: undefined: {name}", Linker::GoLink},
    {Event::Undefined, "invalid reference to {name}", Linker::GoLink},
    {Event::Noise, "running gcc failed: exit status", Linker::GoLink},
};

}  // namespace

std::span<const Pattern> go_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
