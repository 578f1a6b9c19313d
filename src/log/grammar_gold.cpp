// gold (binutils). Sources: gold/errors.cc (undefined_symbol: `%s: undefined reference to '%s'`),
// gold/resolve.cc (multiple definition), gold/fileread.cc, gold/object.cc. The place is `obj:file.c:function
// f:`.
#include "grammar.hpp"

namespace linkdx::log {
namespace {

using Input = InputError::Kind;
constexpr Linker kGold = Linker::Gold;

constexpr Pattern kPatterns[] = {
    {Event::Noise, "the vtable symbol may be undefined because", kGold},
    {Event::FirstDefined, "previous definition here", kGold},
    {Event::HiddenReferenced, "hidden symbol {'name} is not defined locally", kGold},
    {Event::HiddenReferenced, "hidden symbol {'name} in {object} is referenced by DSO {path}", kGold},
    {Event::Relocation,
     "relocation refers to local symbol {'name} {any}, which is defined in a discarded section", kGold},
    {Event::Relocation, "relocation refers to global symbol {'name}, which is defined in a discarded section",
     kGold},
    {Event::Noise, "^prevailing definition is from {any}", kGold},
    {Event::Relocation, "requires unsupported dynamic reloc{any}; recompile with {subject}", kGold},
    {Event::Input, "{path}: file is empty", kGold, Input::Malformed},
    {Event::Input, "{path}: unsupported ELF machine number {found}", kGold, Input::Incompatible},
    {Event::Input, "{path}: incompatible target", kGold, Input::Incompatible},
    {Event::Input, "{path}: not an object or archive", kGold, Input::WrongFormat},
    {Event::Input, "error: cannot open {path}: {subject}", kGold, Input::FileNotFound},
    {Event::Input, "{path}: plugin needed to handle LTO object", kGold, Input::NeedsPlugin},
    {Event::Input, "{path}: no archive symbol table (run ranlib)", kGold, Input::NoArchiveIndex},
    {Event::Input, "{path}: file too short", kGold, Input::Malformed},
    {Event::Input, "{path}: unsupported ELF file type", kGold, Input::WrongFormat},
    {Event::Input, "internal error in {subject}", kGold, Input::Other},
};

}  // namespace

std::span<const Pattern> gold_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
