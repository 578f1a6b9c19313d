// Line breaking.
#include <doctest/doctest.h>

#include "layout.hpp"

using namespace linkdx::report;
using Lines = std::vector<std::string>;

TEST_CASE("running text is filled to the width") {
  CHECK(wrap("one two three four", 9) == Lines{"one two", "three", "four"});
  CHECK(wrap("", 9) == Lines{""});
}

TEST_CASE("a command in backticks is never broken") {
  CHECK(wrap("run `cargo clean -p vecmath` first", 12) == Lines{"run", "`cargo clean -p vecmath`", "first"});
}

TEST_CASE("the quotes of GNU ld do not count as backticks") {
  CHECK(wrap("undefined reference to `foo' in b", 12) == Lines{"undefined", "reference to", "`foo' in b"});
}

TEST_CASE("wide characters count twice") { CHECK(wrap("漢字 漢字", 6) == Lines{"漢字", "漢字"}); }

TEST_CASE("a quoted line is folded, and its rest is counted") {
  CHECK(fold("0123456789abcdefXYZ", 8, 3) == Lines{"01234567", "89abcdef", "XYZ"});
  CHECK(fold("0123456789abcdefXYZ", 8, 2) == Lines{"01234567", "89abcdef", "[3 more bytes on this line]"});
}
