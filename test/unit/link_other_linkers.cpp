// Links of Apple's and Microsoft's linkers and of MinGW's, replayed.

#include <doctest/doctest.h>

#include "link_inputs.hpp"

using namespace linkdx;
using namespace linkdx::link;
using linkdx::test::resolve;
using linkdx::test::Scratch;

namespace {

constexpr const char* mac = "x86_64-apple-macosx11";
constexpr const char* windows = "x86_64-pc-windows-msvc";

const std::string archiver = "$(command -v llvm-ar-19 || echo llvm-ar) rcs ";

void make_mac(const Scratch& scratch) {
  scratch.assemble("main.o", ".globl _main\n_main:\n callq _one\n retq\n", mac);
  scratch.assemble("one.o", ".globl _one\n_one:\n callq _two\n retq\n", mac);
  scratch.assemble("two.o", ".globl _two\n_two:\n retq\n", mac);
  REQUIRE(scratch.run(archiver + "libone.a one.o && " + archiver + "libtwo.a two.o && rm one.o two.o"));
}

void make_windows(const Scratch& scratch) {
  scratch.assemble("main.obj", ".globl main\nmain:\n callq one\n retq\n", windows);
  scratch.assemble("one.obj", ".globl one\none:\n callq two\n retq\n", windows);
  scratch.assemble("two.obj", ".globl two\ntwo:\n retq\n", windows);
  REQUIRE(scratch.run(archiver + "one.lib one.obj && " + archiver + "two.lib two.obj && rm one.obj two.obj"));
}

}  // namespace

TEST_CASE("Apple's ld searches every archive for all that is missing") {
  Scratch scratch;
  make_mac(scratch);
  const std::string start = "ld64.lld -arch x86_64 -platform_version macos 11.0 11.0 -o out ";
  CHECK(resolve(scratch, start + "-L. -ltwo -lone main.o") == "");
  CHECK(resolve(scratch, start + "main.o libone.a") == "_two: defined-elsewhere\n");
  CHECK(resolve(scratch, start + "main.o -undefined dynamic_lookup") == "");
  CHECK(resolve(scratch, start + "-dylib main.o libone.a") == "_two: defined-elsewhere\n");
  // The same words are passed on by clang.
  CHECK(resolve(scratch,
                "clang -target x86_64-apple-macos11 -nostdlib -Wl,-dead_strip -L. main.o -ltwo -lone") == "");
}

TEST_CASE("of a universal library the link's slice counts") {
  Scratch scratch;
  make_mac(scratch);
  scratch.assemble("arm.o", ".globl _three\n_three:\n ret\n", "arm64-apple-macosx11");
  REQUIRE(
      scratch.run(archiver +
                  "arm.a arm.o && rm arm.o && $(command -v llvm-lipo-19 || echo llvm-lipo) -create libtwo.a "
                  "arm.a -output libboth.a && rm arm.a libtwo.a"));
  const std::string start = "ld64.lld -arch x86_64 -platform_version macos 11.0 11.0 -o out main.o libone.a ";
  CHECK(resolve(scratch, start + "libboth.a") == "");
}

TEST_CASE("a text stub resolves what it lists for the platform of the link") {
  Scratch scratch;
  make_mac(scratch);
  const auto stub = [&](const char* name, const char* target) {
    scratch.write(name, std::string("--- !tapi-tbd\ntbd-version: 4\ntargets: [ ") + target +
                            " ]\ninstall-name: '/usr/lib/libx.dylib'\nexports:\n  - targets: [ " + target +
                            " ]\n    symbols: [ _one ]\n...\n");
  };
  stub("libmac.tbd", "x86_64-macos");
  stub("libphone.tbd", "x86_64-ios-simulator");
  const std::string start = "ld64.lld -arch x86_64 -platform_version macos 11.0 11.0 -o out main.o -L. ";
  CHECK(resolve(scratch, start + "-lmac") == "");
  // The stub for another platform is passed over, as a library for another machine is.
  CHECK(resolve(scratch, start + "-lphone") == "_one: defined-elsewhere\nunusable -lphone: wrong machine\n");
}

TEST_CASE("link.exe and lld-link take libraries by their files, in any order") {
  Scratch scratch;
  make_windows(scratch);
  CHECK(resolve(scratch, "lld-link /out:a.exe two.lib one.lib main.obj") == "");
  CHECK(resolve(scratch, "lld-link -OUT:a.exe main.obj one.lib") == "two: defined-elsewhere\n");
  CHECK(resolve(scratch, "link.exe /NOLOGO /FORCE main.obj") == "");
  REQUIRE(scratch.run("mkdir lib && mv two.lib lib"));
  CHECK(resolve(scratch, "lld-link main.obj one.lib /libpath:lib two.lib") == "");
}

TEST_CASE("a library that an object asks for is linked, unless it is excluded") {
  Scratch scratch;
  make_windows(scratch);
  scratch.assemble("asks.obj",
                   ".section .drectve,\"yn\"\n.ascii \" /DEFAULTLIB:two /DEFAULTLIB:\\\"one.lib\\\"\"\n",
                   windows);
  CHECK(resolve(scratch, "lld-link main.obj asks.obj") == "");
  CHECK(resolve(scratch, "lld-link main.obj asks.obj one.lib /nodefaultlib:TWO.lib") ==
        "two: defined-elsewhere\n");
}

TEST_CASE("a weak external gives way to a definition; its own stand-in is none to others") {
  Scratch scratch;
  scratch.assemble("weak.obj", ".weak f\nf:\n retq\n.globl main\nmain:\n callq f\n retq\n", windows);
  scratch.assemble("strong.obj", ".globl f\nf:\n retq\n", windows);
  CHECK(resolve(scratch, "lld-link weak.obj") == "");
  CHECK(resolve(scratch, "lld-link weak.obj strong.obj") == "");
  CHECK(resolve(scratch, "lld-link strong.obj strong.obj weak.obj") == "");
}

TEST_CASE("an import resolves a function and the pointer to it; a local function has a pointer too") {
  Scratch scratch;
  scratch.assemble(
      "main.obj",
      ".globl main\nmain:\n callq one\n callq *__imp_one(%rip)\n callq *__imp_main(%rip)\n retq\n", windows);
  scratch.write("one.def", "LIBRARY one.dll\nEXPORTS\n one\n");
  REQUIRE(
      scratch.run("$(command -v llvm-dlltool-19 || echo llvm-dlltool) -m i386:x86-64 -d one.def -l one.lib"));
  CHECK(resolve(scratch, "lld-link main.obj one.lib") == "");
  CHECK(resolve(scratch, "lld-link main.obj") == "__imp_one: defined-elsewhere\none: defined-elsewhere\n");
}

TEST_CASE("GNU ld for Windows searches an archive at its place, import libraries before archives") {
  Scratch scratch;
  make_windows(scratch);
  REQUIRE(scratch.run("mv main.obj main.o && mv one.lib libone.a && mv two.lib libtwo.dll.a"));
  CHECK(resolve(scratch, "x86_64-w64-mingw32-ld main.o -L. -lone -ltwo") == "");
  CHECK(resolve(scratch, "x86_64-w64-mingw32-ld main.o -L. -ltwo -lone") == "two: defined-not-reached\n");
}

TEST_CASE("an ELF object in a link for Windows is of the wrong kind") {
  Scratch scratch;
  make_windows(scratch);
  scratch.assemble("elf.o", ".globl one\none: ret\n");
  CHECK(resolve(scratch, "lld-link main.obj elf.o") ==
        "one: defined-elsewhere\nunusable elf.o: wrong machine\n");
}
