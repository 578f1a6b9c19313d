// Which library has it: directories searched by symbol, with and without a cache, and what a package manager
// has written down.

#include <doctest/doctest.h>

#include "link_inputs.hpp"
#include "linkdx/libraries.hpp"

using namespace linkdx;
using namespace linkdx::link;
using linkdx::test::Scratch;

namespace {

const artifact::Machine machine{
    .arch = "x86_64", .bits = 64, .elf_machine = 62, .format = artifact::Format::Elf};

/// lib/libone.so.2 with its link for the loader, lib/libtwo.a, lib/libarm.so for another machine.
void make_libraries(const Scratch& scratch) {
  REQUIRE(scratch.run("mkdir lib"));
  const auto shared = [&](const char* text, const std::string& options,
                          const char* triple = "x86_64-linux-gnu") {
    scratch.assemble("part.o", text, triple);
    REQUIRE(scratch.run("$(command -v ld.lld-19 || echo ld.lld) -shared part.o " + options));
  };
  shared(
      ".globl one\n.type one,@function\none: ret\n.globl both\nboth: ret\n.hidden secret\n.globl "
      "secret\nsecret: ret\n",
      "-soname libone.so.2 -o lib/libone.so.2.0");
  REQUIRE(scratch.run("ln -s libone.so.2.0 lib/libone.so.2"));
  shared(".globl one\none: ret\n", "-o lib/libarm.so", "aarch64-linux-gnu");
  scratch.assemble("two.o", ".globl two\ntwo: ret\n.globl both\nboth: call one\n");
  REQUIRE(scratch.run("ar rcs lib/libtwo.a two.o && rm part.o two.o"));
}

/// `NAME (symbols) PLACE` a line.
std::string told(const LibraryAnswer& answer, const Scratch& scratch) {
  std::string text;
  for (const Provider& provider : answer.providers) {
    text += "-l" + provider.name + (provider.linkable ? "" : " (not linkable)") + ":";
    for (const std::string& symbol : provider.symbols) text += " " + symbol;
    std::string place = provider.places.front();
    if (place.starts_with(scratch.directory())) place.erase(0, scratch.directory().size() + 1);
    text += " in " + place + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("libraries are found by the symbols that they define for the machine") {
  Scratch scratch;
  make_libraries(scratch);
  LibraryQuestion question{
      .symbols = {"one", "two", "both", "secret"}, .directories = {scratch.path("lib")}, .machine = machine};
  const LibraryAnswer answer = find_providers(question);
  CHECK(told(answer, scratch) ==
        "-lone (not linkable): one both in lib/libone.so.2\n"
        "-ltwo: two both in lib/libtwo.a(two.o)\n");
  CHECK(answer.files == 3);  // libone.so.2 and libone.so.2.0 are one
  REQUIRE(scratch.run("ln -s libone.so.2 lib/libone.so"));
  CHECK(find_providers(question).providers.front().linkable);
}

TEST_CASE("the second search reads no library but those that changed") {
  Scratch scratch;
  make_libraries(scratch);
  const LibraryQuestion question{.symbols = {"one"},
                                 .directories = {scratch.path("lib")},
                                 .machine = machine,
                                 .cache = scratch.path("cache/libraries")};
  CHECK(find_providers(question).read == 3);
  CHECK(find_providers(question).read == 0);
  CHECK(told(find_providers(question), scratch) == "-lone (not linkable): one in lib/libone.so.2\n");
  scratch.assemble("new.o", ".globl one\none: ret\n");
  REQUIRE(scratch.run("rm lib/libtwo.a && ar rcs lib/libtwo.a new.o"));
  const LibraryAnswer changed = find_providers(question);
  CHECK(changed.read == 1);
  CHECK(changed.providers.size() == 2);
}

TEST_CASE("a cache that was cut short, changed or replaced is made anew") {
  Scratch scratch;
  make_libraries(scratch);
  const LibraryQuestion question{.symbols = {"one"},
                                 .directories = {scratch.path("lib")},
                                 .machine = machine,
                                 .cache = scratch.path("libraries")};
  find_providers(question);
  const std::string good = test::read_file(scratch.path("libraries"));
  std::string changed = good;
  changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] + 1);
  for (const std::string& bad :
       {good.substr(0, good.size() / 2), changed, std::string("text"), std::string()}) {
    scratch.write("libraries", bad);
    const LibraryAnswer answer = find_providers(question);
    CHECK(answer.read == 3);
    CHECK(answer.providers.size() == 1);
    CHECK(test::read_file(scratch.path("libraries")) == good);
  }
}

TEST_CASE("files that -lNAME may have meant") {
  Scratch scratch;
  for (const char* name :
       {"lib/libfoo.so.2", "lib/libfoo.so.2.1", "lib/libfoobar.so", "lib/libfoo-1.so", "lib/foo.so"})
    scratch.write(name, "");
  const std::vector<std::string> files = files_of_library("foo", {scratch.path("lib")});
  CHECK(files ==
        std::vector<std::string>{scratch.path("lib/libfoo.so.2"), scratch.path("lib/libfoo.so.2.1")});
}

TEST_CASE("pkg-config's files tell the module of a library") {
  Scratch scratch;
  scratch.write("lib/pkgconfig/zlib.pc", "libdir=/x\nName: zlib\nLibs: -L${libdir} -lz\n");
  scratch.write("lib/pkgconfig/zstd.pc", "Libs: -lzstd\n");
  const std::vector<PkgConfigModule> modules =
      pkg_config_modules("z", {scratch.path("lib")}, scratch.path("share"));
  REQUIRE(modules.size() == 1);
  CHECK(modules[0].name == "zlib");
}

TEST_CASE("dpkg's records tell the package of a file, the development package and who defines a symbol") {
  Scratch scratch;
  scratch.write("var/lib/dpkg/info/libone2:amd64.list",
                "/.\n/usr/lib/x/libone.so.2\n/usr/lib/x/libone.so.2.0\n");
  scratch.write(
      "var/lib/dpkg/info/libone2:amd64.symbols",
      "libone.so.2 libone2 #MINVER#\n* Build-Depends-Package: libone-dev\n both@Base 2.0\n one@ONE_1 1.0\n");
  scratch.write("var/lib/apt/lists/d_Packages",
                "Package: libone-dev\nDepends: libc6-dev, libone2 (= 2.0-1)\n\n"
                "Package: libone-tools\nDepends: libone2 (= 2.0-1)\n\n"
                "Package: libmore-dev\nDepends: xlibone2 (= 2.0-1), libone2 (>= 2.0)\n");
  const DebianRecords records(scratch.directory());
  CHECK(records.owner_of("/usr/lib/x/libone.so.2") == "libone2");
  CHECK(records.owner_of("/usr/lib/x/libone.so") == "");
  CHECK(records.development_package_of("libone2") == "libone-dev");
  CHECK(records.development_package_of("libtwo") == "");
  const std::vector<DebianRecords::Record> found = records.records_of("one");
  REQUIRE(found.size() == 1);
  CHECK(found[0].library == "libone.so.2");
  CHECK(found[0].package == "libone2");
  CHECK(found[0].text == "one@ONE_1 1.0");
}
