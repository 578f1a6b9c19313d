// Packages and tarballs looked into where they are.
#include <doctest/doctest.h>

#include "artifact_inputs.hpp"
#include "linkdx/artifact.hpp"

using namespace linkdx;
using namespace linkdx::artifact;
using linkdx::test::Scratch;

namespace {

/// tree/usr/lib/libone.a (one.o), tree/obj/two.o, tree/README.
void make_tree(const Scratch& scratch) {
  REQUIRE(scratch.run("mkdir -p tree/usr/lib tree/obj"));
  scratch.assemble("one.o", ".globl one\none: ret\n");
  REQUIRE(scratch.run("ar rcs tree/usr/lib/libone.a one.o && rm one.o"));
  scratch.assemble("tree/obj/two.o", ".globl two\ntwo: ret\n");
  scratch.write("tree/README", "no object\n");
}

/// `MEMBER: SYMBOLS` a line.
std::string told(const std::string& path) {
  auto file = open(path);
  if (!file) return toString(file.takeError());
  CHECK((*file)->kind() == Kind::Package);
  std::string text;
  for (const Skipped& problem : (*file)->problems()) text += "problem: " + problem.reason + "\n";
  for (const auto& object : (*file)->objects()) {
    text += std::string(object->member()) + ":";
    for (const Symbol& symbol : object->symbols()) text += " " + std::string(symbol.name);
    text += "\n";
  }
  return text;
}

constexpr const char* whole = "obj/two.o: two\nusr/lib/libone.a(one.o): one\n";

}  // namespace

TEST_CASE("a tarball gives the objects in it, compressed or not") {
  Scratch scratch;
  make_tree(scratch);
  for (const char* options : {"-cf a.tar", "-czf a.tar.gz", "-cJf a.tar.xz", "--zstd -cf a.tar.zst"}) {
    const std::string name = std::string(options).substr(std::string(options).rfind(' ') + 1);
    if (!scratch.run("tar -C tree " +
                     std::string(options).replace(std::string(options).rfind(' ') + 1, 0, "$PWD/") +
                     " obj usr README 2>/dev/null"))
      continue;  // a compressor that is not installed
    INFO(name);
    CHECK(told(scratch.path(name)) == whole);
  }
  REQUIRE(std::filesystem::exists(scratch.path("a.tar.gz")));
}

TEST_CASE("Debian's packages are two tarballs in an archive; a wheel is a zip file") {
  Scratch scratch;
  make_tree(scratch);
  scratch.write("control.txt", "Package: one\n");
  scratch.write("debian-binary", "2.0\n");
  REQUIRE(
      scratch.run("tar -czf control.tar.gz control.txt && tar -C tree -czf data.tar.gz ./obj ./usr && "
                  "ar rc one.deb debian-binary control.tar.gz data.tar.gz"));
  CHECK(told(scratch.path("one.deb")) == whole);
  REQUIRE(
      scratch.run("cd tree && python3 -c 'import zipfile; z = zipfile.ZipFile(\"../one.whl\", \"w\"); "
                  "z.write(\"obj/two.o\"); z.write(\"usr/lib/libone.a\"); z.close()'"));
  CHECK(told(scratch.path("one.whl")) == whole);
}

TEST_CASE("a package that is cut short gives what stands before, and says so; one without objects too") {
  Scratch scratch;
  make_tree(scratch);
  REQUIRE(scratch.run("tar -C tree -cf a.tar obj usr && tar -C tree -czf text.tar.gz README"));
  const std::string bytes = test::read_file(scratch.path("a.tar"));
  const std::size_t library = bytes.find("!<arch>");
  const std::string cut = told(scratch.write("cut.tar", std::string_view(bytes).substr(0, library + 40)));
  CHECK(cut == "problem: usr/lib/libone.a: Truncated tar archive\nobj/two.o: two\n");
  CHECK(told(scratch.path("text.tar.gz")) ==
        scratch.path("text.tar.gz") + ": a package without objects or libraries");
}
