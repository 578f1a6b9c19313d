// Every reader against broken files: each format cut at many lengths, and with bytes changed one after the
// other. What is asked of a reader then is only that it ends, and that it does not read outside; the
// sanitizers' build sees to the second.
#include <doctest/doctest.h>

#include <algorithm>

#include "artifact_inputs.hpp"
#include "linkdx/artifact.hpp"

using namespace linkdx;
using namespace linkdx::artifact;
using linkdx::test::Scratch;

namespace {

constexpr const char* source = ".globl f\nf:\n call g\n ret\n.data\n.globl d\nd:\n .long 1\n";

/// Asks everything of a file; the number of symbols, so that nothing is left out by the compiler.
std::size_t ask(const std::string& path) {
  auto file = open(path);
  if (!file) {
    CHECK_FALSE(toString(file.takeError()).empty());
    return 0;
  }
  std::size_t count = 0;
  for (const auto& object : (*file)->objects()) {
    for (const Symbol& symbol : object->symbols())
      count += symbol.name.size() + object->uses(symbol.index).size();
    count += object->local_symbols().size() + object->functions().size() + object->sections().size();
    count += object->comdats().size() + object->producers().size() + object->directives().size();
    count += object->declarations().said.size() + object->needed().size();
    object->visit_relocations([&](const Relocation& relocation) { count += relocation.type; });
  }
  return count;
}

void break_in_many_ways(const Scratch& scratch, const std::string& path) {
  const std::string good = test::read_file(path);
  REQUIRE(good.size() > 32);
  CHECK(ask(path) > 0);
  const std::size_t step = std::max<std::size_t>(1, good.size() / 60);
  for (std::size_t length = 1; length < good.size(); length += step)
    ask(scratch.write("broken", std::string_view(good).substr(0, length)));
  for (std::size_t at = 0; at < good.size(); at += step)
    for (const char value : {'\x00', '\x7f', '\xff'}) {
      std::string bad = good;
      bad[at] = value;
      // A field of four bytes beside it, where the format has one.
      if (value == '\xff')
        for (std::size_t i = at; i < std::min(at + 4, bad.size()); ++i) bad[i] = value;
      ask(scratch.write("broken", bad));
    }
}

}  // namespace

TEST_CASE("broken objects of every format are read to their end") {
  Scratch scratch;
  for (const char* triple : {"x86_64-linux-gnu", "i386-linux-gnu", "x86_64-apple-macosx11",
                             "i386-apple-macosx10.13", "x86_64-pc-windows-msvc", "i686-pc-windows-msvc"}) {
    INFO(triple);
    break_in_many_ways(scratch, scratch.assemble("object", source, triple));
  }
}

TEST_CASE("broken libraries of every format are read to their end") {
  Scratch scratch;
  scratch.assemble("dll.obj", ".globl f\nf:\n ret\n.globl _DllMainCRTStartup\n_DllMainCRTStartup:\n ret\n",
                   "x86_64-pc-windows-msvc");
  scratch.assemble("mac.o", ".globl _f\n_f:\n ret\n", "arm64-apple-macosx11");
  scratch.write("foo.def", "LIBRARY foo.dll\nEXPORTS\n f\n d DATA\n");
  REQUIRE(scratch.run("$(command -v lld-link-19 || echo lld-link) /dll /export:f /out:foo.dll dll.obj"));
  REQUIRE(
      scratch.run("$(command -v ld64.lld-19 || echo ld64.lld) -arch arm64 -platform_version macos 11.0 11.0 "
                  "-dylib mac.o -o foo.dylib"));
  REQUIRE(
      scratch.run("$(command -v llvm-dlltool-19 || echo llvm-dlltool) -m i386:x86-64 -d foo.def -l foo.lib"));
  REQUIRE(scratch.run(
      "$(command -v llvm-lipo-19 || echo llvm-lipo) -create mac.o foo.dylib -output both 2>/dev/null || "
      "$(command -v llvm-lipo-19 || echo llvm-lipo) -create mac.o -output both"));
  scratch.write("foo.tbd",
                "--- !tapi-tbd\ntbd-version: 4\ntargets: [ arm64-macos ]\ninstall-name: 'x'\nexports:\n"
                "  - targets: [ arm64-macos ]\n    symbols: [ _f, '_g' ]\n...\n");
  for (const char* name : {"foo.dll", "foo.dylib", "foo.lib", "both", "foo.tbd"}) {
    INFO(name);
    break_in_many_ways(scratch, scratch.path(name));
  }
}
