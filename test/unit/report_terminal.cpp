// The terminal rendering of one full report.
#include <doctest/doctest.h>

#include <algorithm>

#include "report_sample.hpp"

using namespace linkdx::report;

TEST_CASE("the whole of a full report") {
  CHECK(to_terminal(sample(), {}) ==
        R"ldx(error[LDX0101]: `dot_avx512` was never compiled: the compiler refused
                `-march=native`
   --> target/build/vecmath-1/output:17
    |
 17 | cargo:warning=Skipping AVX-512 kernel
    |
    = cause: kernel-object-not-built (certain: the evidence shows it)
    = symbol: `dot_avx512`: no file that was read defines it

help: let a later `-march` replace `native`
  effect: resolves the failure (certain); predicted, not tried

    export CFLAGS_x86_64_unknown_linux_gnu="-march=x86-64"
    cargo clean -p vecmath

  why: The last `-march` on the command line wins.
  price: none for other code: `x86-64` is the baseline
  elsewhere: `--format markdown` also shows it for dockerfile

note: how this is known
   ::: build.log:120
    |
120 | vecmath.o: in function `dot':
    | undefined reference to `dot_avx512'
    |
    = referenced by: libvecmath.rlib(vecmath.o), in `vecmath::dot`
    = referenced by: and 2 more
    = nearest: `dot_avx2` in libdot.a(dot_avx2.o): a kernel of the same family
    = needs: `avx512bw` on `x86-64` (level `x86-64-v4`), guessed from the name
    = note: The build script of `vecmath` compiles the kernel with
            `-march=native`. A cross compiler refuses that value, so there is no
            object.
            The script carried on after a warning.

not known: whether the cross compiler knows `-mavx512bw`
  this shows it:

    x86_64-linux-gnu-gcc -mavx512bw -E -x c /dev/null

note: what will not help here
  - `-C target-cpu=generic`: it changes what rustc emits; the C compiler never
    sees it

warning: not analysed: target/broken.a: member x.o: truncated symbol table

linkdx: 1 diagnosis, 1 symbol, target x86_64-unknown-linux-gnu, linker gnu-ld
For more about a cause, try `linkdx explain LDX0101`.
)ldx");
}

TEST_CASE("colour is asked for, and changes nothing else") {
  const std::string painted = to_terminal(sample(), {true, 80});
  CHECK(painted.starts_with("\x1b[1;31merror[LDX0101]\x1b[0m: \x1b[1m`dot_avx512` was never compiled"));
  std::string plain;
  for (std::size_t i = 0; i < painted.size(); ++i) {
    if (painted[i] == '\x1b')
      i = painted.find('m', i);
    else
      plain += painted[i];
  }
  CHECK(plain == to_terminal(sample(), {}));
}

TEST_CASE("a guess is never a bare statement") {
  Report report = sample();
  report.diagnoses[0].diagnosis.confidence = linkdx::Confidence::Likely;
  CHECK(to_terminal(report, {}).starts_with("error[LDX0101]: likely cause: `dot_avx512`"));
  report.diagnoses[0].diagnosis.confidence = linkdx::Confidence::Possible;
  CHECK(to_terminal(report, {}).starts_with("error[LDX0101]: possible cause: `dot_avx512`"));
}

TEST_CASE("many symbols of one cause are listed in part") {
  Report report = sample();
  for (int i = 0; i < 40; ++i) report.diagnoses[0].diagnosis.symbols.push_back("f" + std::to_string(i));
  CHECK(to_terminal(report, {})
            .find("= symbols: `dot_avx512`, `f0`, `f1`, `f2` and 37 more: no file that was read") !=
        std::string::npos);
}

TEST_CASE("only what is to be copied is wider than the terminal") {
  Report report = sample();
  const std::string command = "cc " + std::string(120, 'x') + " -c kernel.c";
  report.diagnoses[0].remedy.fixes[0].snippets = {{"shell", command}};
  report.diagnoses[0].diagnosis.evidence[0].text = std::string(1000, 'y');
  const std::string text = to_terminal(report, {});
  CHECK(text.find("    " + command + "\n") != std::string::npos);
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    const std::string line = text.substr(start, end - start);
    if (line.find(command) == std::string::npos) CHECK(display_width(line) <= 80);
    start = end + 1;
  }
  CHECK(text.find(" more bytes] y") != std::string::npos);
}

TEST_CASE("evidence in one file stands under one header, in the order of its lines") {
  Report report = sample();
  report.diagnoses[0].diagnosis.evidence = {
      {"build-script-output", "target/output", 14, "running: cc -march=native"},
      {"build-script-output", "target/output", 15, "bad value"},
      {"build-script-output", "target/output", 3, "cargo:rustc-cfg=dot"},
      {"source", "src/lib.rs", 9, "#[cfg(dot)]"}};
  const std::string text = to_terminal(report, {});
  // The command and what came of it lead; the rest stands further down.
  CHECK(text.find(R"(
  --> target/output:14
   |
14 | running: cc -march=native
15 | bad value
   |
   = cause: )") != std::string::npos);
  CHECK(text.find(R"(
note: how this is known
  ::: target/output:3
   |
 3 | cargo:rustc-cfg=dot
   |
  ::: src/lib.rs:9
   |
 9 | #[cfg(dot)]
   |
   = )") != std::string::npos);
}

TEST_CASE("wide and combining characters are counted by the columns they take") {
  CHECK(display_width("e\xcc\x81") == 1);  // e and a combining acute accent
  CHECK(display_width("漢字") == 4);
  Report report = sample();
  std::string wide, combining;
  for (int i = 0; i < 60; ++i) {
    wide += "漢字 ";
    combining += "e\xcc\x81t";
    if (i % 3 == 2) combining += ' ';
  }
  report.diagnoses[0].diagnosis.title = wide;
  report.diagnoses[0].diagnosis.explanation = combining;
  const std::string text = to_terminal(report, {});
  std::size_t longest = 0;
  for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
    longest = std::max(longest, display_width(text.substr(begin, end - begin)));
  CHECK(longest <= 80);
  CHECK(longest > 76);
}

TEST_CASE("a path is a link where links are asked for, and takes no more columns") {
  TerminalOptions options;
  options.link_directory = "/home/a b";
  const std::string text = to_terminal(sample(), options);
  CHECK(
      text.find(
          "--> \x1b]8;;file:///home/a%20b/target/build/vecmath-1/output\x1b\\target/build/vecmath-1/output:17"
          "\x1b]8;;\x1b\\\n") != std::string::npos);
}

TEST_CASE("several diagnoses are summed up at the end, a line each") {
  Report report = sample();
  report.diagnoses.push_back(report.diagnoses[0]);
  report.diagnoses[1].diagnosis.code = "LDX0604";
  report.diagnoses[1].diagnosis.confidence = linkdx::Confidence::Likely;
  report.diagnoses[1].diagnosis.symbols = {"a", "b"};
  report.diagnoses[1].diagnosis.title = "`a` and `b` are in libm";
  const std::string text = to_terminal(report, {});
  CHECK(text.substr(text.find("linkdx: 2 diagnoses")) ==
        R"(linkdx: 2 diagnoses, 1 symbol, target x86_64-unknown-linux-gnu, linker gnu-ld
  - LDX0101 (certain): `dot_avx512` was never compiled: the compiler refused
    `-march=native`. Help: let a later `-march` replace `native`
  - LDX0604 (likely): `a` and `b` are in libm; 2 symbols. Help: let a later
    `-march` replace `native`
For more about a cause, try `linkdx explain LDX0101`.
)");
}

TEST_CASE("the second fix is named with its price, and its commands left to the other renderings") {
  Report report = sample();
  linkdx::fix::Fix other;
  other.title = "leave the kernel out";
  other.price = "the speed of it";
  other.effect = linkdx::fix::Effect::WorksAround;
  report.diagnoses[0].remedy.fixes.push_back(other);
  const std::string text = to_terminal(report, {});
  CHECK(text.find(R"(
help: other ways
  - leave the kernel out (possible, works around the failure). Price: the speed
    of it

  `--format markdown` shows the commands of all 2, also for dockerfile.
)") != std::string::npos);
}

TEST_CASE("why an advice is refuted is cut after its first sentence") {
  Report report = sample();
  report.diagnoses[0].remedy.refuted[0].why = "It is `a. b`, nothing more. The rest is in the document.";
  CHECK(to_terminal(report, {}).find("  - `-C target-cpu=generic`: It is `a. b`, nothing more.\n\n") !=
        std::string::npos);
}

TEST_CASE("nothing found is said plainly, with what was read") {
  Report report;
  report.context.searched = {"build.log (2 lines)"};
  CHECK(to_terminal(report, {}) == R"(linkdx found no link failure.
  read: build.log (2 lines)
  looked for: undefined and duplicate symbols, missing libraries, files of the
  wrong machine or format, and the other errors of linkers and loaders
)");
}
