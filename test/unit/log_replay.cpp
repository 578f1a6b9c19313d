// What comes again is counted without being read again. The result must be that of reading every line: a text
// that is fed line by line is never cut into passages, so it is what the others are held against.
#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "linkdx/log.hpp"
#include "replay.hpp"

using namespace linkdx::log;

namespace {

/// All of a log that repetition may touch: counts, and every line number.
std::string told(const Log& log) {
  std::string out = std::to_string(log.lines) + " lines, " + std::to_string(log.bytes) + " bytes\n";
  auto put = [&](std::string_view what, std::uint64_t line, std::uint64_t repeated, std::string_view text) {
    out += std::string(what) + " " + std::to_string(line) + " +" + std::to_string(repeated) + " " +
           std::string(text) + "\n";
  };
  for (const Failure& failure : log.failures) {
    put("failure", failure.where.line, failure.repeated, failure.unit + " " + failure.output);
    if (failure.command)
      put("  command", failure.command->where.line, 0,
          failure.command->where.text + " in " + failure.command->directory);
    for (const SymbolError& symbol : failure.symbols) {
      put("  symbol", symbol.where.line, symbol.more_references, symbol.name);
      for (const Reference& reference : symbol.references)
        put("    from", reference.where.line, 0, reference.object);
    }
    for (const InputError& input : failure.inputs) put("  input", input.where.line, 0, input.path);
    for (const linkdx::Excerpt& other : failure.other) put("  other", other.line, 0, other.text);
  }
  for (const Command& command : log.commands)
    put("command", command.where.line, command.repeated, command.where.text);
  for (const ToolMessage& message : log.messages)
    put("message", message.where.line, message.repeated, message.message);
  for (const linkdx::Skipped& problem : log.problems) out += problem.reason + "\n";
  return out;
}

std::string told_in_pieces(std::string_view text, std::size_t size) {
  Reader reader("-");
  for (std::size_t at = 0; at < text.size(); at += size) reader.feed(text.substr(at, size));
  return told(reader.finish());
}

std::string told_line_by_line(std::string_view text) {
  Reader reader("-");
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    reader.feed(text.substr(0, end));
    text.remove_prefix(end);
  }
  return told(reader.finish());
}

/// Pages of a log, each of them a way in which what follows may depend on what stood before.
std::vector<std::string> pages() {
  std::vector<std::string> pages = {
      // The link command waits for its failure over lines of no interest.
      "cc -o app main.o -L/usr/lib/x86_64-linux-gnu -lone -ltwo -lthree -lfour -lfive -lsix -lseven -leight "
      "-lnine -lten -leleven\n"
      "nothing of interest\n/usr/bin/ld: main.o: undefined reference to `f'\ncollect2: error: ld returned 1 "
      "exit status\n",
      // The name of the unit comes behind the failure.
      "error: linking with `cc` failed: exit status: 1\n  = note: /usr/bin/ld: libx.rlib(x.o): undefined "
      "reference to `g'\n"
      "          collect2: error: ld returned 1 exit status\n\nerror: could not compile `first` (bin "
      "\"first\") due to 1 previous error\n",
      "error: linking with `cc` failed: exit status: 1\n  = note: /usr/bin/ld: libx.rlib(x.o): undefined "
      "reference to `g'\n"
      "          collect2: error: ld returned 1 exit status\n\nerror: could not compile `second` (bin "
      "\"second\") due to 1 previous error\n",
      // The end of the failure is lost: it goes on with whatever comes.
      "ld.lld: error: undefined symbol: h\n>>> referenced by h.c:3\n>>>               h.o:(main)\n",
      "make: Entering directory '/src/a'\n",
      "make: Entering directory '/src/b'\ncc -c -o a.o a.c\ncc -c -o b.o b.c\n",
      "-- Performing Test HAVE_AVX512 - Failed\n-- Looking for a file\n",
      "#9 [4/4] RUN make\n#9 1.20 /usr/bin/ld: a.o: undefined reference to `i'\n#9 ERROR: exit code: 1\n",
      "FAILED: lib/liba.so\n/usr/bin/ld: skipping incompatible libz.a when searching for -lz\n/usr/bin/ld: "
      "cannot find -lz\n"
      "collect2: error: ld returned 1 exit status\nninja: build stopped: subcommand failed.\n",
      "noise\nmore noise\n",
  };
  // Enough lines that some of them are places to cut.
  std::string commands;
  for (int i = 0; i < 60; ++i)
    commands += "[" + std::to_string(i) +
                "/60] cc -c -O2 -DSOME_LONG_DEFINITION=1 -DANOTHER_LONG_DEFINITION=2 "
                "-I/usr/local/include/somewhere -o build/objects/" +
                std::to_string(i) + ".o source/" + std::to_string(i) + ".c\n";
  pages.push_back(commands);
  return pages;
}

}  // namespace

TEST_CASE("a log repeated many times gives the failures of one, with their counts") {
  std::string once;
  // A step of Docker's says nowhere that its link is over: what comes again would belong to the same failure.
  for (const std::string& page : pages())
    if (!page.starts_with("#")) once += page;
  once += "collect2: error: ld returned 1 exit status\n";
  std::string many;
  for (int i = 0; i < 50; ++i) many += once;
  Log one = read("-", once), all = read("-", many);
  REQUIRE(one.failures.size() >= 4);
  REQUIRE(all.failures.size() >= one.failures.size());
  for (std::size_t i = 0; i < one.failures.size(); ++i) {
    REQUIRE(!one.failures[i].symbols.empty() == !all.failures[i].symbols.empty());
    CHECK(one.failures[i].unit == all.failures[i].unit);
    CHECK(all.failures[i].where.line == one.failures[i].where.line);
  }
  CHECK(all.lines == 50 * one.lines);
  CHECK(told(all) == told_line_by_line(many));
}

TEST_CASE("passages that come again in any order are counted as if every line was read") {
  std::vector<std::string> all = pages();
  for (unsigned seed = 0; seed < 24; ++seed) {
    std::minstd_rand random(seed + 1);
    std::vector<std::string> some;
    for (const std::string& page : all)
      if (random() % 3 != 0) some.push_back(page);
    if (some.empty()) some = all;
    std::string text;
    for (int i = 0; i < 400; ++i) text += some[random() % some.size()];
    std::string expected = told_line_by_line(text);
    CHECK(told(read("-", text)) == expected);
    CHECK(told_in_pieces(text, 4096) == expected);
    CHECK(told_in_pieces(text, 1000) == expected);
  }
}

TEST_CASE("a passage is found by its state and its bytes") {
  Replay replay;
  std::optional<Replay::State> first = replay.intern("first"), second = replay.intern("second");
  REQUIRE((first && second));
  CHECK(replay.intern("first") == first);
  CHECK(!replay.known("third"));
  replay.keep(*first, {"a\nb\n", 2, {}, *second});
  replay.keep(*first, {"a\nc\n", 2, {}, *first});
  REQUIRE(replay.find(*first, "a\nb\nrest"));
  CHECK(replay.find(*first, "a\nb\nrest")->after == *second);
  CHECK(replay.find(*first, "a\nc\n")->after == *first);
  CHECK(!replay.find(*first, "a\nd\n"));
  CHECK(!replay.find(*first, "a\nb"));
  CHECK(!replay.find(*second, "a\nb\n"));
}
