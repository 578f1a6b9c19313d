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

TEST_CASE("wide characters count twice") {
  CHECK(wrap("漢字 漢字", 6) == Lines{"漢字", "漢字"});
}

TEST_CASE("Chinese is broken between characters") {
  CHECK(wrap("链接器没有找到定义", 8) == Lines{"链接器没", "有找到定", "义"});
  CHECK(wrap("链接器 ld 没有找到定义", 10) == Lines{"链接器 ld", "没有找到定", "义"});
}

TEST_CASE("no line begins with a mark that closes or ends with one that opens") {
  CHECK(wrap("没有定义，也没有声明。", 8) == Lines{"没有定", "义，也没", "有声明。"});
  CHECK(wrap("没有定（义）", 8) == Lines{"没有定", "（义）"});
  CHECK(wrap("他说“没有”。", 6) == Lines{"他说", "“没", "有”。"});
}

TEST_CASE("between Chinese a command in backticks is never broken") {
  CHECK(wrap("先运行 `cargo clean -p vecmath`，再构建。", 12) ==
        Lines{"先运行", "`cargo clean -p vecmath`，", "再构建。"});
  CHECK(wrap("路径为/usr/lib/libc.so。", 20) == Lines{"路径为", "/usr/lib/libc.so。"});
}

TEST_CASE("a quoted line is folded between words where that is near") {
  CHECK(fold("0123456789abcdefXYZ", 8) == Lines{"01234567", "89abcdef", "XYZ"});
  CHECK(fold("\"-O2\" \"-march=native\" \"-c\"", 22) == Lines{"\"-O2\" \"-march=native\" ", "\"-c\""});
  CHECK(fold("some words [12 more bytes] end", 20) == Lines{"some words ", "[12 more bytes] end"});
}

TEST_CASE("of a long line the part is shown that holds the word in question") {
  const std::string command = "cc " + std::string(300, 'I') + " -O2 -mavx512bw -march=native -o kernel.o " +
                              std::string(300, 'D') + " kernel.c";
  CHECK(
      excerpt(command, 150, {"-march=native"}) ==
      "cc IIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIII[261 more bytes] -O2 -mavx512bw -march=native -o kernel.o "
      "DDDDDDDDDDDDDDDDDDDDDDDDDD[283 more bytes] ");
}

TEST_CASE("of a long line without such a word both ends are shown") {
  const std::string command = "cc " + std::string(600, 'I') + " -c kernel.c";
  const std::string shown = excerpt(command, 150, {"", "-march=native"});
  CHECK(shown.starts_with("cc IIII"));
  CHECK(shown.find(" more bytes] ") != std::string::npos);
  CHECK(shown.ends_with("I -c kernel.c"));
  CHECK(shown.size() <= 150);
  CHECK(excerpt("short", 150, {}) == "short");
}

TEST_CASE("a path in running text loses its beginning when it is longer than a line") {
  CHECK(wrap("see target/x86_64-unknown-linux-gnu/debug/build/vecmath-1/output:14 there", 40) ==
        Lines{"see .../debug/build/vecmath-1/output:14", "there"});
  CHECK(shortened_path("target/debug/deps/libvecmath-0123456789.rlib(vecmath.1234.rcgu.o)", 48) ==
        ".../libvecmath-0123456789.rlib(...h.1234.rcgu.o)");
}
