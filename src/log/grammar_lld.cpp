// lld: its ELF, COFF and shared messages. Sources: lld/ELF/Relocations.cpp (undefined symbols and
// relocations), lld/ELF/Symbols.cpp (duplicates), lld/ELF/Driver.cpp, lld/COFF/SymbolTable.cpp, versions 6 to
// 19. An error is one headline and lines that begin with `>>>`.
#include "grammar.hpp"

namespace linkdx::log {
namespace {

using Input = InputError::Kind;
constexpr Linker kLld = Linker::Lld;

constexpr Pattern kPatterns[] = {
    {Event::LldMore, ">>> referenced {number} more times"},
    {Event::LldReferencedBy, ">>> referenced by {any}"},
    {Event::LldDefinedIn, ">>> defined at {any}"},
    {Event::LldDefinedIn, ">>> defined in: {any}"},
    {Event::LldDefinedIn, ">>> defined in {any}"},
    {Event::LldDidYouMean, ">>> did you mean: {name}"},
    {Event::LldDidYouMean, ">>> did you mean to declare {name} as extern"},
    {Event::LldValue, "^>>> {path} has value {found}"},
    {Event::LldLine, "^>>>{any}"},
    {Event::UndefinedHidden, "undefined hidden symbol: {name}"},
    {Event::UndefinedHidden, "undefined internal symbol: {name}"},
    {Event::UndefinedHidden, "undefined protected symbol: {name}"},
    {Event::Noise, "warning: undefined symbol: {name}"},
    {Event::Undefined, "error: undefined symbol: {name} (referenced by {function})",
     Linker::WasmLd},  // emcc's words
    {Event::Undefined, "error: undefined symbol: {name}"},
    {Event::Duplicate, "duplicate symbol: {name}"},
    {Event::Undefined, "undefined reference to {name} [--no-allow-shlib-undefined]", kLld},
    {Event::Undefined, "undefined reference due to --no-allow-shlib-undefined: {name}", kLld},
    {Event::Relocation, "relocation refers to a symbol in a discarded section: {name}", kLld},
    {Event::Relocation, "relocation refers to a discarded section: {name}", kLld},
    {Event::Relocation, "relocation {any} cannot be used against {subject}{'name}", kLld},
    {Event::Relocation, "can't create dynamic relocation {any} against symbol: {name} in", kLld},
    {Event::Relocation, "relocation {any} out of range: {subject}; references {name}", kLld},
    {Event::Input, "unable to find library -l{subject}", kLld, Input::LibraryNotFound},
    {Event::Input, "could not open {'path}: {subject}", kLld, Input::FileNotFound},
    {Event::Input, "error: cannot open {path}: {subject}", kLld, Input::FileNotFound},
    {Event::Input, "unable to find library from dependent library specifier: {subject}", kLld,
     Input::LibraryNotFound},
    {Event::Input,
     "{path} has architecture {found} which is incompatible with target architecture {expected}",
     Linker::Ld64Lld, Input::Incompatible},
    {Event::Input, "unknown relocation ({subject}) against symbol", kLld, Input::TooNew},
    {Event::Duplicate, "Linking globals named {'name}: symbol multiply defined"},  // llvm-link, older emcc
    {Event::TlsMismatch, "TLS attribute mismatch: {name}", kLld},
    {Event::Input, "{path}: incompatible Tag_ABI_VFP_args", kLld, Input::AbiMismatch},
    {Event::Input, "{path}: ABI {'found} is incompatible with target ABI {'expected}", kLld,
     Input::AbiMismatch},
    {Event::Input, "{path}: -mnan={found} is incompatible with target -mnan={expected}", kLld,
     Input::AbiMismatch},
    {Event::Input, "{path}: ABI version {found} is not supported", kLld, Input::AbiMismatch},
    {Event::Input, "{path} is incompatible with {expected}", kLld, Input::Incompatible},
    {Event::Input, "{path}: cannot link object files with different floating-point ABI", kLld,
     Input::AbiMismatch},
    {Event::Input, "{path}: cannot link object files with different ABI", kLld, Input::AbiMismatch},
    {Event::Input, "{path}: cannot link object files with different EF_RISCV_RVE", kLld, Input::AbiMismatch},
    {Event::UndefinedList, "JIT session error: Symbols not found: [ {any} ]"},
    {Event::Input,
     "{path}: floating point ABI {found} is incompatible with target floating point ABI {expected}", kLld,
     Input::AbiMismatch},
    {Event::Input, "{path}: ABI version {found} is incompatible with ABI version {expected}", kLld,
     Input::AbiMismatch},
    {Event::Input, "{path}: unknown file type", kLld, Input::WrongFormat},
    {Event::Input, "{path}: Invalid value (Producer: {subject}", kLld, Input::NeedsPlugin},
    {Event::Input, "{path}: section header table goes past the end of the file{any}", kLld, Input::Malformed},
    {Event::Input, "{path}: archive has no index; run ranlib to add one", kLld, Input::NoArchiveIndex},
    {Event::Input, "machine type {found} conflicts with {expected}", Linker::LldLink, Input::Incompatible},
    {Event::Input, "/failifmismatch: mismatch detected for {'subject}", Linker::LldLink, Input::AbiMismatch},
};

}  // namespace

std::span<const Pattern> lld_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
