#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "fix.hpp"

using namespace linkdx;
using namespace linkdx::fix;

namespace {

/// A working directory that is removed again.
struct Scratch {
  std::filesystem::path before = std::filesystem::current_path(), path;
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "linkdx-fix-XXXXXX").string();
    path = mkdtemp(name.data());
    std::filesystem::current_path(path);
  }
  ~Scratch() {
    std::filesystem::current_path(before);
    std::filesystem::remove_all(path);
  }
};

}  // namespace

TEST_CASE("a diff replaces one line and keeps three lines of context") {
  Scratch scratch;
  std::ofstream("a.h") << "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  std::optional<Apply::Edit> edit = replace_line("a.h", 5, {"five", "and a half"});
  REQUIRE(edit);
  CHECK(edit->path == "a.h");
  CHECK(edit->diff ==
        "--- a/a.h\n+++ b/a.h\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+and a half\n 6\n 7\n 8\n");
}

TEST_CASE("a diff inserts after the first and after the last line") {
  Scratch scratch;
  std::ofstream("a") << "1\n2\n";
  CHECK(insert_after("a", 1, {"x"})->diff == "--- a/a\n+++ b/a\n@@ -1,2 +1,3 @@\n 1\n+x\n 2\n");
  CHECK(insert_after("a", 2, {"x"})->diff == "--- a/a\n+++ b/a\n@@ -1,2 +1,3 @@\n 1\n 2\n+x\n");
}

TEST_CASE("no diff for what cannot be patched from here") {
  Scratch scratch;
  std::ofstream("no-newline") << "1\n2";
  CHECK_FALSE(replace_line("no-newline", 1, {"x"}));
  CHECK_FALSE(replace_line("missing", 1, {"x"}));
  CHECK_FALSE(replace_line("/etc/passwd", 1, {"x"}));
  std::ofstream("a") << "1\n";
  CHECK_FALSE(replace_line("a", 2, {"x"}));
}

TEST_CASE("the same change in the words of each tool") {
  diagnose::Case facts;
  Apply apply;
  apply.ldlibs = {"-lm"};
  std::vector<Snippet> snippets = snippets_of(apply, facts);
  REQUIRE(snippets.size() == 4);
  CHECK(snippets[0].for_tool == "shell");
  CHECK(snippets[0].text == "export LDLIBS=\"${LDLIBS:+$LDLIBS }-lm\"\n");
  CHECK(snippets[1].text == "ENV LDLIBS=\"-lm\"\n");
  CHECK(snippets[2].text == "target_link_libraries(TARGET PRIVATE -lm)\n");
  CHECK(snippets[3].text == "make LDLIBS=-lm\n");
}

TEST_CASE("words are quoted for a shell only where they must be") {
  CHECK(shell_quote("-Wl,-rpath,/a_b") == "-Wl,-rpath,/a_b");
  CHECK(shell_quote("a b") == "'a b'");
  CHECK(shell_quote("it's $HOME") == "'it'\\''s $HOME'");
  CHECK(shell_quote("") == "''");
}

TEST_CASE("link arguments reach a link by rustc through rustc's flags") {
  log::Failure failure;
  failure.command.emplace();
  failure.command->arguments = {"cc", "liba-1.rlib"};
  diagnose::Case facts;
  facts.failure = &failure;
  Apply apply;
  append_to_link(apply, {"-lm"}, facts);
  CHECK(apply.ldlibs.empty());
  CHECK(apply.rustflags == std::vector<std::string>{"-C", "link-arg=-lm"});
}
