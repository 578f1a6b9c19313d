// Dynamic loaders: the same faults, found when the program starts. glibc: elf/dl-lookup.c, elf/dl-version.c,
// elf/dl-load.c, elf/dl-hwcaps.c (CPU levels), sysdeps/x86/dl-get-cpu-features.c; musl: ldso/dynlink.c;
// Android: bionic/linker/linker.cpp; macOS: dyld; FreeBSD: libexec/rtld-elf/rtld.c; Solaris: ld.so.1. Python,
// Java and others print the loader's text behind a word of their own ("ImportError:", "OSError:"), and have
// messages of their own: HotSpot's os::dll_load, CPython's Python/importdl.c, Node's src/node_binding.cc.
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
    {Event::UndefinedAtRuntime, "symbol {name}: referenced symbol not found", kLoader},
    {Event::UndefinedAtRuntime, "Unable to find an entry point named {'name} in {any}{'other}", kLoader},
    {Event::UndefinedAtRuntime, "dynamic module does not define module export function ({name})", kLoader},
    {Event::UndefinedAtRuntime, "dynamic module does not define init function ({name})", kLoader},
    {Event::UndefinedAtRuntime, "UnsatisfiedLinkError: {'name}$", kLoader},
    {Event::UndefinedAtRuntime, "dlopen({path}, {number}): symbol not found in flat namespace {'name}",
     kLoader},
    {Event::UndefinedAtRuntime, "dlopen({path}, {number}): symbol not found in flat namespace ({name})",
     kLoader},
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
    {Event::Input, "version {'version} not found (required by {other})", kLoader, Input::VersionMissing},
    {Event::Input, "error while loading shared libraries: {path}: wrong ELF class: {found}", kLoader,
     Input::Incompatible},
    {Event::Input, "wrong ELF class: {found}", kLoader, Input::Incompatible},
    {Event::Input, "error while loading shared libraries: {path}: CPU ISA level is lower than required",
     kLoader, Input::CpuLevel},
    {Event::Input, "{path}: CPU ISA level is lower than required", kLoader, Input::CpuLevel},
    {Event::Input, "glibc error: CPU does not support {expected}", kLoader, Input::CpuLevel},
    {Event::Input, "Illegal instruction (core dumped)", kLoader, Input::CpuLevel},  // of the shell
    {Event::Input, "Illegal instruction: 4", kLoader, Input::CpuLevel},
    {Event::Input, "SIGILL: illegal instruction", kLoader, Input::CpuLevel},
    {Event::Input, "{path}: invalid ELF header", kLoader, Input::WrongFormat},
    {Event::Input, "{path} is not a valid Win32 application", kLoader, Input::WrongFormat},
    {Event::Input, "Error loading shared library {path}: Exec format error (needed by {other})", kLoader,
     Input::WrongFormat},
    {Event::Input,
     "dlopen({path}, {number}): tried: {any}(fat file, but missing compatible architecture (have {'found}, "
     "need {'expected}",
     kLoader, Input::Incompatible},
    {Event::Input, "(fat file, but missing compatible architecture (have {'found}, need {'expected}", kLoader,
     Input::Incompatible},
    {Event::Input, "(mach-o file, but is an incompatible architecture (have {'found}, need {'expected}",
     kLoader, Input::Incompatible},
    {Event::Input, "(mach-o file, but is an incompatible architecture (have ({found}), need ({expected})",
     kLoader, Input::Incompatible},
    {Event::Relocation, "dlopen failed: {any} has text relocations", kLoader},
    {Event::Input, "dlopen failed: {'path} is for {found} instead of {expected}", kLoader,
     Input::Incompatible},
    {Event::Input, "dlopen failed: {'path} has unexpected e_machine: {found}", kLoader, Input::Incompatible},
    {Event::Input, "dlopen failed: {'path} is {found} instead of {expected}", kLoader, Input::Incompatible},
    {Event::Input,
     "{path}: cannot open shared object file{any}an't load {found} .so on a {expected} platform", kLoader,
     Input::Incompatible},
    {Event::Input, "an't load {found} .so on a {expected} platform", kLoader, Input::Incompatible},
    {Event::Input, "an't load {found} .dll on a {expected} platform", kLoader, Input::Incompatible},
    {Event::Input, "Error loading shared library {path}: No such file or directory (needed by {other})",
     kLoader, Input::FileNotFound},
    {Event::Input, "Shared object {'path} not found, required by {'other}", kLoader, Input::FileNotFound},
    {Event::Input, "dyld: Library not loaded: {path}", kLoader, Input::FileNotFound},
    {Event::Input, "Library not loaded: {path}", kLoader, Input::FileNotFound},
    {Event::Input, "dlopen failed: library {'path} not found", kLoader, Input::FileNotFound},
    {Event::Input, "error while loading shared libraries: {path}: cannot open shared object file", kLoader,
     Input::FileNotFound},
    {Event::Input, "error while loading shared libraries: {path}: {subject}", kLoader, Input::Other},
    {Event::Input, "{path}: cannot open shared object file: No such file", kLoader, Input::FileNotFound},
    {Event::Input, "{path}: cannot allocate memory in static TLS block", kLoader, Input::Other},
    {Event::Input, "DLL load failed while importing {other}: The specified module could not be found",
     kLoader, Input::FileNotFound},
    {Event::Input, "DLL load failed while importing {path}: %1 is not a valid Win32 application", kLoader,
     Input::Incompatible},
    {Event::Input, "DLL load failed while importing {path}: {subject}", kLoader, Input::Other},
    {Event::Input, "DLL load failed: {subject}", kLoader, Input::Other},
    // Windows' numbers for why a DLL is not loaded, as Python prints them (winerror.h: ERROR_MOD_NOT_FOUND,
    // ERROR_BAD_EXE_FORMAT).
    {Event::Input, "[WinError 126] {any}Error loading {'other} or one of its dependencies", kLoader,
     Input::FileNotFound},
    {Event::Input, "[WinError 193] {any}Error loading {'path}", kLoader, Input::Incompatible},
    {Event::Input, "[WinError {any}] {subject}. Error loading {'path}", kLoader, Input::Other},
    {Event::Input, "UnsatisfiedLinkError: no {subject} in java.library.path", kLoader,
     Input::LibraryNotFound},
    {Event::Input, "Unable to load shared library {'subject} or one of its dependencies", kLoader,
     Input::LibraryNotFound},
    {Event::Input, "Unable to load DLL {'path}", kLoader, Input::FileNotFound},
    // A plug-in and its host: Node, Perl, PHP, Ruby, R and others count the versions of their interfaces.
    {Event::Input,
     "NODE_MODULE_VERSION {found}. This version of Node.js requires NODE_MODULE_VERSION {expected}. ",
     kLoader, Input::HostVersion},
    {Event::Input, "NODE_MODULE_VERSION {found}. This version of Node.js requires", kLoader,
     Input::HostVersion},
    {Event::Input,
     "{path}: loadable library and perl binaries are mismatched (got {any} key {found}, needed {expected})",
     kLoader, Input::HostVersion},
    {Event::Input, "{path}: loadable library and perl binaries are mismatched", kLoader, Input::HostVersion},
    {Event::Input, "PHP Startup: {path}: Unable to initialize module", kLoader, Input::HostVersion},
    {Event::Input, "incompatible library version - {path} (LoadError)", kLoader, Input::HostVersion},
};

}  // namespace

std::span<const Pattern> loader_patterns() {
  return kPatterns;
}

}  // namespace linkdx::log
