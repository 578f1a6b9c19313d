// Escaping: what an untrusted text looks like in each rendering.
#include <doctest/doctest.h>

#include "escape.hpp"
#include "linkdx/report.hpp"

using namespace linkdx::report;

TEST_CASE("plain text is shown as it is") {
  CHECK(escape_terminal("_ZN3foo3barEv@@V1 (C:\\x)") == "_ZN3foo3barEv@@V1 (C:\\x)");
  CHECK(escape_terminal("naïve 漢字") == "naïve 漢字");
}

TEST_CASE("control bytes and escape sequences are spelled out") {
  CHECK(escape_terminal("a\x1b[31mb\x07\x7f") == "a\\x1b[31mb\\x07\\x7f");
  CHECK(escape_terminal(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(escape_terminal("a\nb\tc\r") == "a\\nb    c\\x0d");
  CHECK(escape_terminal("\xc2\x9b"
                        "31m") == "\\u{9b}31m");  // the one-character form of ESC [
}

TEST_CASE("bidirectional controls and invisible characters are spelled out") {
  CHECK(escape_terminal("a\u202eb\u2066c") == "a\\u{202e}b\\u{2066}c");
  CHECK(escape_terminal("a\u200bb\ufeffc\u00add") == "a\\u{200b}b\\u{feff}c\\u{ad}d");
  CHECK(escape_terminal("a\u2028b\u3164c\U000e0041") == "a\\u{2028}b\\u{3164}c\\u{e0041}");
}

TEST_CASE("bytes that are not UTF-8 are spelled out one by one") {
  CHECK(escape_terminal("a\xff\xc3(") == "a\\xff\\xc3(");
  CHECK(escape_terminal("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // a surrogate
  CHECK(escape_terminal("\xc0\xaf") == "\\xc0\\xaf");           // an overlong form
  CHECK(escape_terminal("caf\xe9") == "caf\\xe9");
}

TEST_CASE("running text for Markdown holds no markup") {
  CHECK(escape_markdown("<b>x</b> & *y* _z_ [a](b) `c` ~d~ $e$") ==
        "&lt;b&gt;x&lt;/b&gt; &amp; \\*y\\* \\_z\\_ \\[a\\](b) \\`c\\` \\~d\\~ \\$e\\$");
  CHECK(escape_markdown("a|b") == "a&#124;b");
  CHECK(escape_markdown("# x") == "\\# x");
  CHECK(escape_markdown("1. x") == "1\\. x");
  CHECK(escape_markdown("version 1.2") == "version 1.2");
  CHECK(escape_markdown("- x") == "\\- x");
  CHECK(escape_markdown("see #12 by @someone") == "see \\#12 by &#64;someone");
  CHECK(escape_markdown("https://x.example www.x.example") == "https&#58;//x.example www&#46;x.example");
  CHECK(escape_markdown("a\n\n# b") == "a  # b");
}

TEST_CASE("a code span survives backticks, pipes and HTML") {
  CHECK(code_span("foo") == "`foo`");
  CHECK(code_span("a`b") == "``a`b``");
  CHECK(code_span("`foo'") == "`` `foo' ``");
  CHECK(code_span("<script>") == "`<script>`");
  CHECK(code_span("a|<b>") == "<code>a&#124;&lt;b&gt;</code>");
  CHECK(code_span("a\nb") == "`a\\nb`");
  CHECK(code_span("") == "(empty)");
}

TEST_CASE("a fenced block outgrows the backticks in it") {
  CHECK(fenced("a\n```\nb", "text") == "````text\na\n```\nb\n````\n");
  CHECK(fenced("a\tb\x1b\n", "sh") == "```sh\na\tb\\x1b\n```\n");
}

TEST_CASE("words in backticks become code in Markdown prose") {
  CHECK(markdown_prose("`-march=native` is refused by `cc`, see 1_2") ==
        "`-march=native` is refused by `cc`, see 1\\_2");
  CHECK(markdown_prose("an `open one") == "an \\`open one");
}

TEST_CASE("JSON holds no character that acts on a terminal") {
  CHECK(ascii_escape_json("\"a\u202e\xc2\x9b\x7f\U000e0041é\"\n") ==
        "\"a\\u202e\\u009b\\u007f\\udb40\\udc41é\"\n");
}

TEST_CASE("display width counts columns") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("漢字") == 4);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("\x1b") == 4);  // shown as \x1b
}

TEST_CASE("a name of great length loses its middle") {
  CHECK(elide_middle("short", 20) == "short");
  CHECK(elide_middle(std::string(60, 'a') + std::string(60, 'b'), 30) ==
        std::string(20, 'a') + " [95 bytes not shown] " + std::string(5, 'b'));
}
