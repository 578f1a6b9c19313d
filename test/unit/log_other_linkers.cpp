// Linkers and loaders beside GNU's: what they print, and what is read from it. lld-link, ld64.lld and
// powerpc64le's ld were run for their texts (lld 19, binutils 2.40); those of link.exe, Apple's ld, bionic,
// dyld, musl, FreeBSD and Java are written by hand after their documentation and sources.
#include <doctest/doctest.h>

#include "log_told.hpp"

using namespace linkdx::log;

TEST_CASE("link.exe: a warning that ends in a file, and an error about another file after it") {
  CHECK(told("LINK : warning LNK4286: symbol '_wassert' defined in 'libucrt.lib(assert.obj)' is imported by "
             "'libcrypto_sys.rlib(bio.c.obj)'\n"
             "libcrypto_sys.rlib(file.c.obj) : error LNK2019: unresolved external symbol __imp_ftell "
             "referenced in "
             "function file_ctrl\n") ==
        "msvc-link \n  undefined __imp_ftell\n    libcrypto_sys.rlib(file.c.obj) file_ctrl - -\n");
}

TEST_CASE("link.exe in other languages: the number and the form of the name are enough") {
  CHECK(told("app.obj : error LNK2019: symbole externe non résolu scale_avx2 référencé dans la fonction "
             "main\n") == "msvc-link \n  undefined scale_avx2\n    app.obj main - -\n");
  CHECK(told("app.obj : error LNK2019: Verweis auf nicht aufgelöstes externes Symbol deflate in Funktion "
             "pack.\n") == "msvc-link \n  undefined deflate\n    app.obj pack - -\n");
  CHECK(told("app.obj : error LNK2001: simbolo esterno deflate non risolto\n") ==
        "msvc-link \n  undefined deflate\n    app.obj - - -\n");
  CHECK(told("app.obj : error LNK2019: 无法解析的外部符号 \"int __cdecl f(int)\" (?f@@YAHH@Z)，函数 main "
             "中引用了该符号\n"
             "app.exe : fatal error LNK1120: 1 个无法解析的外部命令\n") ==
        "msvc-link \n  undefined \"int __cdecl f(int)\" (?f@@YAHH@Z)\n    app.obj main - -\n");
  CHECK(told("app.obj : error LNK2019: ссылка на неразрешенный внешний символ scale в функции main.\n") ==
        "msvc-link \n  undefined scale\n    app.obj main - -\n");
}

TEST_CASE("link.exe: the error list of Visual Studio as it is copied") {
  CHECK(told("Severity\tCode\tDescription\tProject\tFile\tLine\n"
             "Error\tLNK2019\tunresolved external symbol scale_avx2 referenced in function "
             "main\tapp\tC:\\app\\app.obj\t1\t\n") ==
        "msvc-link \n  undefined scale_avx2\n    C:\\app\\app.obj main - -\n");
  CHECK(told("Errore\tLNK2038\trilevata errata corrispondenza per 'RuntimeLibrary': il valore "
             "'MD_DynamicRelease' non corrisponde al "
             "valore 'MDd_DynamicDebug' in app.obj\tapp\tC:\\app\\z.lib(z.obj)\t1\n") ==
        "msvc-link \n  abi mismatch | C:\\app\\z.lib(z.obj) | RuntimeLibrary | MDd_DynamicDebug | "
        "MD_DynamicRelease\n");
}

TEST_CASE("link.exe: the error list behind blanks, as pages show it") {
  CHECK(told("Ошибка  LNK2001  неразрешенный внешний символ \"int __cdecl f(int)\" (?f@@YAHH@Z).  D:\\app  "
             "D:\\app\\z.lib(z.obj)  1    \n") ==
        "msvc-link \n  undefined \"int __cdecl f(int)\" (?f@@YAHH@Z)\n    D:\\app\\z.lib(z.obj) - - -\n");
  CHECK(told("Error LNK2019 unresolved external symbol scale_avx2 referenced in function main app "
             "C:\\app\\app.obj 1\n") == "msvc-link \n  undefined scale_avx2\n    C:\\app\\app.obj - - -\n");
  CHECK(told("Error LNK2019 means that something is missing.\n").empty());
}

TEST_CASE("link.exe: machines and settings that do not go together") {
  CHECK(told("z.lib(z.obj) : error LNK2038: mismatch detected for '_ITERATOR_DEBUG_LEVEL': value '0' doesn't "
             "match value '2' in app.obj\n") ==
        "msvc-link \n  abi mismatch | z.lib(z.obj) | _ITERATOR_DEBUG_LEVEL | 2 | 0\n");
  CHECK(
      told(
          "z.lib : warning LNK4272: library machine type 'x86' conflicts with target machine type 'x64'\n") ==
      "msvc-link \n  incompatible | z.lib | x64 | x86\n");
}

TEST_CASE("lld for Windows and for macOS") {
  CHECK(
      told("lld-link-19: error: undefined symbol: f_avx2\n>>> referenced by w.obj:(main)\n"
           "lld-link-19: error: arm.obj: machine type arm64 conflicts with x64\n"
           "lld-link-19: error: could not open 'nothere.lib': No such file or directory\n") ==
      "lld-link lld-link-19\n  undefined f_avx2\n    w.obj main - -\n"
      "  incompatible | arm.obj | x64 | arm64\n  file not found | nothere.lib | No such file or directory\n");
  CHECK(told("ld64.lld-19: warning: x.o has architecture x86_64 which is incompatible with target "
             "architecture arm64\n"
             "ld64.lld-19: error: undefined symbol: _f_neon\n>>> referenced by a.o:(symbol _main+0x4)\n") ==
        "ld64-lld ld64.lld-19\n  undefined _f_neon\n    a.o _main+0x4 - -\n  incompatible | x.o | arm64 | "
        "x86_64\n");
}

TEST_CASE("Apple's list of symbols in a log that begins in its middle") {
  CHECK(told("  \"_sad_4x4_neon\", referenced from:\n      _init in libx.a(pixel.o)\nld: symbol(s) not found "
             "for architecture arm64\n") ==
        "ld64 ld\n  undefined _sad_4x4_neon\n    libx.a(pixel.o) _init - -\n");
}

TEST_CASE("Apple's linkers: files for another platform") {
  CHECK(told("ld: building for 'iOS-simulator', but linking in dylib (/x/libz.dylib) built for 'iOS'\n") ==
        "ld64 ld\n  incompatible | /x/libz.dylib | iOS-simulator | iOS\n");
}

TEST_CASE("GNU ld: ABIs of other machines") {
  CHECK(told("/usr/bin/powerpc64le-linux-gnu-ld: p1.o: ABI version 1 is not compatible with ABI version 2 "
             "output\n"
             "/usr/bin/powerpc64le-linux-gnu-ld: failed to merge target specific data of file p1.o\n") ==
        "gnu-ld /usr/bin/powerpc64le-linux-gnu-ld\n  abi mismatch | p1.o | 2 | 1\n  abi mismatch | p1.o\n");
  CHECK(told("riscv64-ld: p.o: ABI is incompatible with that of the selected emulation:\n"
             "  target emulation `elf32-littleriscv' does not match `elf64-littleriscv'\n") ==
        "gnu-ld riscv64-ld\n  incompatible | p.o | elf64-littleriscv | elf32-littleriscv\n");
}

TEST_CASE("GNU ld: an indirect library in a log that lost the line before") {
  CHECK(told("/usr/bin/ld: /lib/libm.so.6: error adding symbols: DSO missing from command line\ncollect2: "
             "error: ld returned 1 exit status\n") ==
        "gnu-ld /usr/bin/ld\n  indirect only | /lib/libm.so.6\n");
}

TEST_CASE("dyld: who asks for the symbol, and the library that should have it") {
  CHECK(told("dyld[81]: Symbol not found: _new_in_13\n  Referenced from: <0F1E-2D> /x/app (which was built "
             "for Mac OS X 13.0)\n"
             "  Expected in: <3C4B-5A> /usr/lib/libSystem.B.dylib\n") ==
        "loader \n  undefined at run time _new_in_13 in /usr/lib/libSystem.B.dylib\n    /x/app - - -\n");
}

TEST_CASE("loaders: libraries for another machine, or not there") {
  CHECK(told("ImportError: dlopen(/x/_c.so, 2): tried: '/x/_c.so' (mach-o file, but is an incompatible "
             "architecture (have 'x86_64', need 'arm64'))\n") ==
        "loader \n  incompatible | /x/_c.so | arm64 | x86_64\n");
  CHECK(told("java.lang.UnsatisfiedLinkError: dlopen failed: \"/data/libf.so\" is for EM_ARM (40) instead of "
             "EM_AARCH64 (183)\n") ==
        "loader \n  incompatible | /data/libf.so | EM_AARCH64 (183) | EM_ARM (40)\n");
  CHECK(told("Error loading shared library libstdc++.so.6: No such file or directory (needed by ./app)\n") ==
        "loader \n  file not found | libstdc++.so.6 | ./app\n");
}

TEST_CASE("loaders: a quotation mark ends the name") {
  CHECK(told("UserWarning: Failed to load: '/x/image.so: undefined symbol: _ZN1fEv'If you do not need it, "
             "ignore this\n") == "loader \n  undefined at run time _ZN1fEv\n    /x/image.so - - -\n");
}

TEST_CASE("Go: its linker's words, and not its compiler's") {
  CHECK(told("runtime.load_g: undefined: runtime.read_tls_fallback\n") ==
        "go-link \n  undefined runtime.read_tls_fallback\n    - runtime.load_g - -\n");
  CHECK(told("./sum.go:12:9: undefined: sumAVX2\n").empty());
}

TEST_CASE("configure steps that lack an assembler, each in words of its own") {
  auto missing = [](const char* text) {
    std::string found;
    for (const ToolMessage& message : read("-", text).messages)
      if (message.kind == ToolMessage::Kind::ToolMissing) found += message.subject + "\n";
    return found;
  };
  CHECK(missing("Found no assembler\nMinimum version is nasm-2.13\n") == "nasm\n");
  CHECK(missing("nasm/yasm not found or too old. Use --disable-x86asm for a crippled build.\n") == "nasm\n");
  CHECK(missing("Neither yasm nor nasm have been found.\n") == "nasm\n");
  CHECK(missing("{\"stdout\": \"Found no assembler\\nMinimum version is nasm-2.13\\nor go without\"}\n") ==
        "nasm\n");
  CHECK(missing("  message(WARNING \"nasm was not found\")\n").empty());
  CHECK(missing("NASM build failed. Make sure you have nasm installed or disable the \"asm\" feature.\n") ==
        "nasm\n");
  CHECK(missing("-- Found nasm: /usr/bin/nasm\n").empty());
}

TEST_CASE("mold before 1.2 puts the object before the name") {
  CHECK(told("mold: undefined symbol: net/libnet.a(ctelnet.cpp.o): operator new(unsigned long)\n") ==
        "mold mold\n  undefined operator new(unsigned long)\n    net/libnet.a(ctelnet.cpp.o) - - -\n");
  CHECK(told("mold: error: undefined symbol: lib/libc.a(init.lo): __sysinfo\n") ==
        "mold mold\n  undefined __sysinfo\n    lib/libc.a(init.lo) - - -\n");
}

TEST_CASE("LLVM's JIT: one line names all that is missing") {
  CHECK(told("JIT session error: Symbols not found: [ __aarch64_ldadd4_acq_rel, _f ]\n") ==
        "unknown \n  undefined __aarch64_ldadd4_acq_rel\n  undefined _f\n");
}

TEST_CASE("link.exe: a symbol without any mark of one begins the sentence of LNK2005") {
  CHECK(told("LIBCMT.lib(exit.obj) : error LNK2005: exit already defined in "
             "ucrt.lib(api-ms-win-crt-runtime-l1-1-0.dll)\n") ==
        "msvc-link \n  duplicate exit\n    ucrt.lib(api-ms-win-crt-runtime-l1-1-0.dll) - - -\n"
        "    LIBCMT.lib(exit.obj) - - -\n");
}

TEST_CASE("link.exe: an error of any other number is shown") {
  CHECK(told("x.obj : error LNK2026: module unsafe for SAFESEH image.\n") ==
        "msvc-link \n  other: x.obj : error LNK2026: module unsafe for SAFESEH image.\n");
}

TEST_CASE("thread-local data: both sides of the mismatch are kept") {
  CHECK(
      told("/usr/bin/ld: state: TLS reference in a.o mismatches non-TLS definition in b.o section .data\n") ==
      "gnu-ld /usr/bin/ld\n  thread-local mismatch state\n    a.o - - -\n    b.o - - -\n");
}

TEST_CASE("gold: a reference into a discarded section, and the lines behind it") {
  CHECK(told("other.o(.rodata+0x0): error: relocation refers to local symbol \"case0\" [2], which is defined "
             "in a discarded "
             "section\n"
             "  section group signature: \"_Z5scalei\"\n"
             "  prevailing definition is from main.o\n"
             "other.o(.rodata+0x4): error: relocation refers to local symbol \"case1\" [3], which is defined "
             "in a discarded "
             "section\n"
             "  section group signature: \"_Z5scalei\"\n"
             "  prevailing definition is from main.o\n") ==
        "gold \n  relocation case0\n    other.o - - .rodata+0x0\n  relocation case1\n    other.o - - "
        ".rodata+0x4\n");
}
