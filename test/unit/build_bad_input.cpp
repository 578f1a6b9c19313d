// Trees that are broken, hostile or gone: one problem each, and the rest is read.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "build_directory.hpp"
#include "linkdx/build.hpp"

using namespace linkdx::build;

TEST_CASE("a path that does not exist is a problem") {
  Facts facts = gather({"/nowhere/at/all"});
  REQUIRE(facts.problems.size() == 1);
  CHECK(facts.problems[0].path == "/nowhere/at/all");
  CHECK(facts.problems[0].reason == "does not exist");
}

TEST_CASE("a loop of directories ends, and the tree in it is read once") {
  Directory d;
  d.write("b/CMakeCache.txt", "A:BOOL=ON\n");
  std::filesystem::create_directory_symlink(d.path(), d.at("b/again"));
  Facts facts = gather({d.path(), d.at("b/again/b")});
  CHECK(facts.cmake.size() == 1);
}

TEST_CASE("a pipe in the place of a file is no reason to wait") {
  Directory d;
  d.write("b/CMakeFiles/k", "");
  REQUIRE(::mkfifo(d.at("b/CMakeFiles/CMakeError.log").c_str(), 0600) == 0);
  d.write("b/CMakeCache.txt", "A:BOOL=ON\n");
  Facts facts = gather({d.path()});
  REQUIRE(facts.problems.size() == 1);
  CHECK(facts.problems[0].path == d.at("b/CMakeFiles/CMakeError.log"));
  CHECK(facts.problems[0].reason == "is not a regular file");
  CHECK(facts.cmake.size() == 1);
}

TEST_CASE("a directory without permission is named") {
  if (::geteuid() == 0) return;  // root may read everything
  Directory d;
  d.write("closed/x", "");
  std::filesystem::permissions(d.at("closed"), std::filesystem::perms::none);
  Facts facts = gather({d.path()});
  std::filesystem::permissions(d.at("closed"), std::filesystem::perms::owner_all);
  REQUIRE(facts.problems.size() == 1);
  CHECK(facts.problems[0].path == d.at("closed"));
}

TEST_CASE("sources are searched, build output and version control are not") {
  Directory d;
  d.write("src/a.rs", "fn a() {\n    std::env::var(\"DISABLE_WIDE\")\n}\n");
  d.write("target/CACHEDIR.TAG", "");
  d.write("target/debug/x.rs", "DISABLE_WIDE");
  d.write(".git/x", "DISABLE_WIDE");
  d.write("bin", std::string("\0DISABLE_WIDE", 13));
  std::vector<Occurrence> found = search_sources(d.path(), "DISABLE_WIDE");
  REQUIRE(found.size() == 1);
  CHECK(found[0].path == d.at("src/a.rs"));
  CHECK(found[0].where.line == 2);
  CHECK(search_sources(d.path(), "NOT_THERE").empty());
  CHECK(search_sources(d.path(), "").empty());
}
