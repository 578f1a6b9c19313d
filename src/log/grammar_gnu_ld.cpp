// GNU ld (binutils). The messages are those of ld/ldmain.c (undefined_symbol, multiple_definition),
// ld/ldfile.c (cannot find, skipping incompatible), ld/ldlang.c, and of bfd/elflink.c, bfd/elfxx-x86.c,
// bfd/elf32-arm.c (VFP) and bfd/bfd.c (error texts), versions 2.17 to 2.42. The place before a message is
// `%X%P: %C:`: linker, object, source or section. Older versions leave the linker out and print the
// function on a line of its own.
#include "grammar.hpp"

namespace linkdx::log {
namespace {

using Input = InputError::Kind;
constexpr Linker kLd = Linker::GnuLd;

constexpr Pattern kPatterns[] = {
    {Event::DsoUndefined, "undefined reference to symbol {'name}", kLd},
    {Event::DsoMissing, "error adding symbols: DSO missing from command line", kLd},
    {Event::DsoMissing, "could not read symbols: Invalid operation", kLd},
    {Event::Noise, "warning: undefined reference to {'name}", kLd},
    {Event::MoreUndefined, "more undefined references to {'name} follow"},
    {Event::Undefined, "undefined reference to {'name}"},
    {Event::Duplicate, "multiple definition of {'name}; {other}: first defined here", kLd},
    {Event::Duplicate, "multiple definition of {'name}"},
    {Event::FirstDefined, "first defined here"},
    {Event::InFunction, "in function {'function}:$"},
    {Event::InFunction, "In function {'function}:$"},
    {Event::UndefinedHidden, "hidden symbol {'name} isn't defined", kLd},
    {Event::UndefinedHidden, "internal symbol {'name} isn't defined", kLd},
    {Event::UndefinedHidden, "protected symbol {'name} isn't defined", kLd},
    {Event::HiddenReferenced, "hidden symbol {'name} in {object} is referenced by DSO", kLd},
    {Event::HiddenReferenced, "internal symbol {'name} in {object} is referenced by DSO", kLd},
    {Event::HiddenReferenced, "protected symbol {'name} in {object} is referenced by DSO", kLd},
    {Event::HiddenReferenced, "local symbol {'name} in {object} is referenced by DSO", kLd},
    {Event::Relocation, "referenced in section {'any} of {object}: defined in discarded section", kLd},
    {Event::Noise, "warning: relocation against {'name} in read-only section", kLd},
    {Event::Relocation, "relocation {any} against {subject}{'name} can not be used when making", kLd},
    {Event::Relocation, "relocation {any} against {subject}{'name} which may bind externally can not be used", kLd},
    {Event::Relocation, "relocation truncated to fit: {any} against {subject}{'name}", kLd},
    {Event::Relocation, "unresolvable {any} relocation against {subject}{'name}", kLd},
    {Event::Relocation, "requires dynamic {any} reloc against {'name}", Linker::Gold},
    {Event::Input, "skipping incompatible {path} when searching for -l{subject}", Linker::Unknown, Input::SkippedIncompatible},
    {Event::Input, "cannot find -l{subject}: ", kLd, Input::LibraryNotFound},
    {Event::Input, "cannot find -l{subject}$", Linker::Unknown, Input::LibraryNotFound},
    {Event::Input, "ld: cannot find {path}: ", kLd, Input::FileNotFound},
    {Event::Input, "cannot find {path}: No such file or directory", kLd, Input::FileNotFound},
    {Event::Input, "ld: cannot open linker script file {path}: ", kLd, Input::FileNotFound},
    {Event::Input, "error adding symbols: file in wrong format", kLd, Input::WrongFormat},
    {Event::Input, "error adding symbols: file format not recognized", kLd, Input::WrongFormat},
    {Event::Input, "error adding symbols: archive has no index", kLd, Input::NoArchiveIndex},
    {Event::Input, "error adding symbols: malformed archive", kLd, Input::Malformed},
    {Event::Input, "error adding symbols: file truncated", kLd, Input::Malformed},
    {Event::Input, "error adding symbols: {subject}", kLd, Input::Other},
    {Event::Input, "could not read symbols: {subject}", kLd, Input::Malformed},
    {Event::Input, "archive has no index; run ranlib", kLd, Input::NoArchiveIndex},
    {Event::Input, "plugin needed to handle lto object", kLd, Input::NeedsPlugin},
    {Event::Input, "file not recognized: {subject}", kLd, Input::WrongFormat},
    {Event::Input, "file format not recognized; treating as linker script", kLd, Input::WrongFormat},
    {Event::Input, "file in wrong format", kLd, Input::WrongFormat},
    {Event::Input, "file format not recognized", kLd, Input::WrongFormat},
    {Event::Input, "File format not recognized", kLd, Input::WrongFormat},
    {Event::Input, "File in wrong format", kLd, Input::WrongFormat},
    {Event::Input, "file format is ambiguous", kLd, Input::WrongFormat},
    {Event::Input, "error: {path}: file too short", kLd, Input::Malformed},
    {Event::Input, "architecture of input file {'path} is incompatible with {expected} output", kLd, Input::Incompatible},
    {Event::Input, "{found} architecture of input file {'path} is incompatible with {expected} output", kLd, Input::Incompatible},
    {Event::Input, "error: {path} uses VFP register arguments, {subject} does not", kLd, Input::AbiMismatch},
    {Event::Input, "ERROR: {path} uses VFP register arguments, {subject} does not", kLd, Input::AbiMismatch},
    {Event::Input, "error: {path} uses VFP instructions, whereas {subject} does not", kLd, Input::AbiMismatch},
    {Event::Input, "ERROR: {path} uses VFP instructions, whereas {subject} does not", kLd, Input::AbiMismatch},
    {Event::Input, "can't link {found} modules with {expected} modules", kLd, Input::AbiMismatch},
    {Event::Input, "error: {path}: linking {found} module with previous {expected} modules", kLd, Input::AbiMismatch},
    {Event::Input, "failed to merge target specific data of file {path}", kLd, Input::AbiMismatch},
    {Event::Input, "error: Source object {path} has EABI version {found}, but target {subject} has EABI version {expected}", kLd, Input::AbiMismatch},
    {Event::Input, "ABI is incompatible with that of the selected emulation", kLd, Input::AbiMismatch},
    {Event::Input, "Relocations in generic ELF (EM: {found})", kLd, Input::Incompatible},
    {Event::Input, "unrecognized relocation ({subject}) in section {'any}", kLd, Input::Malformed},
    {Event::Input, "unsupported relocation type {subject}", kLd, Input::Malformed},
    {Event::LinkFailed, "ld returned {number} exit status"},
    {Event::LinkFailed, "linker command failed with exit code {number} "},
    {Event::LinkFailed, "error: linker command failed"},
};

}  // namespace

std::span<const Pattern> gnu_ld_patterns() { return kPatterns; }

}  // namespace linkdx::log
