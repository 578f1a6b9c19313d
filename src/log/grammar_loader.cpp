// Dynamic loaders: the same faults, found when the program starts. glibc: elf/dl-lookup.c, elf/dl-version.c,
// elf/dl-load.c; musl: ldso/dynlink.c; Android: bionic/linker/linker.cpp; macOS: dyld; FreeBSD: libexec/rtld-elf/rtld.c;
// Java: os::dll_load of HotSpot. Python, Java and others print the loader's text behind a word of their own
// ("ImportError:", "OSError:").
#include "grammar.hpp"

namespace linkdx::log {
namespace {

using Input = InputError::Kind;
constexpr Linker kLoader = Linker::Loader;

constexpr Pattern kPatterns[] = {
    {Event::UndefinedAtRuntime, "undefined symbol: {name}, version {version}", kLoader},
    {Event::UndefinedAtRuntime, "undefined symbol: {name}"},
    {Event::UndefinedAtRuntime,
     "symbol {name}, version {version} not defined in file {other} with link time reference", kLoader},
    {Event::UndefinedAtRuntime, "Error relocating {path}: {name}: symbol not found", kLoader},
    {Event::UndefinedAtRuntime, "ymbol not found in flat namespace {'name}", kLoader},
    {Event::UndefinedAtRuntime, "ymbol not found in flat namespace ({name})", kLoader},
    {Event::UndefinedAtRuntime, "dyld: Symbol not found: {name}", kLoader},
    {Event::UndefinedAtRuntime, "Symbol not found: {name}", kLoader},
    {Event::ReferencedFrom, "^Referenced from: {path}", kLoader},
    {Event::ExpectedIn, "^Expected in: {path}", kLoader},
    {Event::UndefinedAtRuntime, "Undefined symbol {'name}", kLoader},
    {Event::UndefinedAtRuntime,
     "The procedure entry point {name} could not be located in the dynamic link library {other}", kLoader},
    {Event::UndefinedAtRuntime, "cannot locate symbol {'name} referenced by {'path}", kLoader},
    {Event::Input, "version {'version} not found (required by {path})", kLoader, Input::VersionMissing},
    {Event::Input, "wrong ELF class: {found}", kLoader, Input::Incompatible},
    {Event::Input, "(mach-o file, but is an incompatible architecture (have {'found}, need {'expected}",
     kLoader, Input::Incompatible},
    {Event::Input, "(mach-o file, but is an incompatible architecture (have ({found}), need ({expected})",
     kLoader, Input::Incompatible},
    {Event::Input, "dlopen failed: {'path} is for {found} instead of {expected}", kLoader,
     Input::Incompatible},
    {Event::Input, "dlopen failed: {'path} has unexpected e_machine: {found}", kLoader, Input::Incompatible},
    {Event::Input, "dlopen failed: {'path} is {found} instead of {expected}", kLoader, Input::Incompatible},
    {Event::Input, "Can't load {found} .so on a {expected} platform", kLoader, Input::Incompatible},
    {Event::Input, "Can't load {found} .dll on a {expected} platform", kLoader, Input::Incompatible},
    {Event::Input, "Error loading shared library {path}: No such file or directory (needed by {subject})",
     kLoader, Input::FileNotFound},
    {Event::Input, "dyld: Library not loaded: {path}", kLoader, Input::FileNotFound},
    {Event::Input, "Library not loaded: {path}", kLoader, Input::FileNotFound},
    {Event::Input, "dlopen failed: library {'path} not found", kLoader, Input::FileNotFound},
    {Event::Input, "error while loading shared libraries: {path}: {subject}", kLoader, Input::FileNotFound},
    {Event::Input, "cannot open shared object file: No such file", kLoader, Input::FileNotFound},
};

}  // namespace

std::span<const Pattern> loader_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
