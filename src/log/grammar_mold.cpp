// mold. Sources: mold's elf/passes.cc (report_undef_errors, check_duplicate_symbols), elf/input-files.cc and
// elf/main.cc, versions 1.0 to 2.30. Undefined symbols look like lld's, but several `>>>` may share a line.
#include "grammar.hpp"

namespace linkdx::log {
namespace {

using Input = InputError::Kind;
constexpr Linker kMold = Linker::Mold;

constexpr Pattern kPatterns[] = {
    {Event::Relocation, "{any} relocation at offset {number} against symbol {'name} can not be used", kMold},
    {Event::Relocation, "relocation {any} against {'name} out of range", kMold},
    {Event::Input, "unknown relocation: {subject}", kMold, InputError::Kind::TooNew},
    {Event::Input, "library not found: {subject}", kMold, Input::LibraryNotFound},
    {Event::Input, "{path}: incompatible file type: {expected} is expected but got {found}", kMold,
     Input::Incompatible},
    {Event::Input, "{path}: skipping incompatible file {found}", kMold, Input::SkippedIncompatible},
    {Event::Input, "mold: fatal: cannot open {path}: {subject}", kMold, Input::FileNotFound},
    {Event::Input, "mold: error: cannot open {path}: {subject}", kMold, Input::FileNotFound},
    {Event::Input, "mold: cannot open {path}: {subject}", kMold, Input::FileNotFound},
    {Event::Input, "e_shoff or e_shnum corrupted", kMold, Input::Malformed},
    {Event::Input, "don't know how to handle this LTO object file because no LTO plugin was provided", kMold,
     Input::NeedsPlugin},
};

}  // namespace

std::span<const Pattern> mold_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
