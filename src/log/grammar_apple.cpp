// Apple's linkers: ld64 (src/ld/Resolver.cpp, src/ld/Options.cpp), the new linker of Xcode 15 (no quotes
// round names), and lld's Mach-O port, whose own form is lld's. Symbols follow a heading, one a line, each
// followed by the functions that refer to it.
#include "grammar.hpp"

namespace linkdx::log {
namespace {

using Input = InputError::Kind;
constexpr Linker kApple = Linker::Ld64;

constexpr Pattern kPatterns[] = {
    {Event::AppleHeader, "Undefined symbols for architecture {expected}:", kApple},
    {Event::AppleHeader, "Undefined symbols:$", kApple},
    {Event::Undefined, "^Undefined symbol: {name}", kApple},  // Xcode's list of errors
    {Event::Duplicate, "ld: duplicate symbol {name} in {object} and {other}", kApple},
    {Event::AppleDuplicate, "duplicate symbol {'name} in:", kApple},
    {Event::AppleDuplicate, "duplicate symbol {name} in:", kApple},
    {Event::AppleEnd, "ld: symbol(s) not found for architecture {expected}", kApple},
    {Event::AppleEnd, "ld: symbol(s) not found", kApple},
    {Event::AppleEnd, "duplicate symbols for architecture {expected}", kApple},
    {Event::AppleEnd, "duplicate symbol for architecture {expected}", kApple},
    {Event::Undefined, "ld: symbol {name} not found, normally in {other}", kApple},
    {Event::Relocation, "illegal text-relocation to {'name} in {object} from {any}", kApple},
    {Event::Input, "framework not found for -framework {subject}", kApple, Input::LibraryNotFound},
    {Event::Input, "library not found for -framework {subject}", kApple, Input::LibraryNotFound},
    {Event::Input, "library not found for -l{subject}", kApple, Input::LibraryNotFound},
    {Event::Input, "Could not find or use auto-linked {any} {'subject}", kApple, Input::LibraryNotFound},
    {Event::Input, "can't map file, errno={number} file {'path}", kApple, Input::Malformed},
    {Event::Input, "ld: library {'subject} not found", kApple, Input::LibraryNotFound},
    {Event::Input, "framework not found {subject}", kApple, Input::LibraryNotFound},
    {Event::Input, "ld: framework {'subject} not found", kApple, Input::LibraryNotFound},
    {Event::Input, "file cannot be open()ed, errno=2 path={path}", kApple, Input::FileNotFound},
    {Event::Input, "ld: archive has no table of contents file {'path}", kApple, Input::NoArchiveIndex},
    {Event::Input, "ld: unknown file type in {'path}", kApple, Input::WrongFormat},
    {Event::Noise, "was built for newer {any} version ({found}) than being linked ({expected})", kApple},
    {Event::Input, "ld: file not found: {path}", kApple, Input::FileNotFound},
    // "Ignoring" in Xcode's list of issues.
    {Event::Input,
     "gnoring file {path}, building for {expected} but attempting to link with file built for "
     "unknown-unsupported file format",
     kApple, Input::WrongFormat},
    {Event::Input,
     "gnoring file {path}, building for {expected} but attempting to link with file built for {found}",
     kApple, Input::Incompatible},
    {Event::Input, "gnoring file {'path}: found architecture {'found}, required architecture {'expected}",
     kApple, Input::Incompatible},
    {Event::Input, "gnoring file {'path}: fat file missing arch {'expected}, file has {'found}", kApple,
     Input::Incompatible},
    {Event::Input, "gnoring file {'path}: fat file missing arch {'expected}", kApple, Input::Incompatible},
    {Event::Input,
     "gnoring file {path}, file was built for archive which is not the architecture being linked "
     "({expected})",
     kApple, Input::WrongFormat},
    {Event::Input,
     "gnoring file {path}, file was built for {found} which is not the architecture being linked "
     "({expected})",
     kApple, Input::Incompatible},
    {Event::Input, "gnoring file {path}, missing required architecture {expected} in file", kApple,
     Input::Incompatible},
    {Event::Input,
     "gnoring file {path}, file is universal ({any}) but does not contain the {expected} architecture",
     kApple, Input::Incompatible},
    {Event::Input, "file is universal ({any}) but does not contain a(n) {expected} slice: {path} file",
     kApple, Input::Incompatible},
    {Event::Input, "file is universal ({any}) but does not contain a(n) {expected} slice: {path}", kApple,
     Input::Incompatible},
    {Event::Input, "building for {'expected}, but linking in {any} ({path}) built for {'found}", kApple,
     Input::Incompatible},
    {Event::Input, "building for {expected}, but linking in object file built for {found}, file {'path}",
     kApple, Input::Incompatible},
    {Event::Input, "building for {expected}, but linking in {any} built for {found}, file {'path}", kApple,
     Input::Incompatible},
};

}  // namespace

std::span<const Pattern> apple_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
