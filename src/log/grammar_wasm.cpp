// wasm-ld. Source: lld/wasm/Writer.cpp (checkFeatures) and lld/wasm/SymbolTable.cpp. Undefined symbols and
// duplicates have lld's common form.
#include "grammar.hpp"

namespace linkdx::log {
namespace {

using Input = InputError::Kind;
constexpr Linker kWasm = Linker::WasmLd;

constexpr Pattern kPatterns[] = {
    {Event::Input,
     "--shared-memory is disallowed by {path} because it was not compiled with {subject} features", kWasm,
     Input::FeatureMismatch},
    {Event::Input, "{'subject} feature must be used in order to use shared memory", kWasm,
     Input::FeatureMismatch},
    {Event::Input, "{'subject} feature is disallowed by {path}, so --shared-memory must not be used", kWasm,
     Input::FeatureMismatch},
    {Event::Input, "Target feature {'subject} used in {path} is not allowed", kWasm, Input::FeatureMismatch},
    {Event::Input, "Target feature {'subject} used in {path} is disallowed by {other}", kWasm,
     Input::FeatureMismatch},
    {Event::Input, "Missing target feature {'subject} in {path}, required by {other}", kWasm,
     Input::FeatureMismatch},
    {Event::Undefined, "symbol exported via --export not found: {name}", kWasm},
    {Event::Undefined, "error: undefined exported symbol: {'name}", kWasm},  // emcc's words
    {Event::Undefined, "entry symbol not defined (pass --no-entry to suppress): {name}", kWasm},
};

}  // namespace

std::span<const Pattern> wasm_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
