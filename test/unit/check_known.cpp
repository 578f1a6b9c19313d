// What a project lives with: suppressions of `.linkdx.toml`, and the findings that it had when it last
// looked.

#include <fstream>

#include <doctest/doctest.h>

#include "artifact_inputs.hpp"
#include "linkdx/check.hpp"
#include "linkdx/pattern.hpp"

using namespace linkdx;
using linkdx::test::Scratch;

namespace {

check::Settings read(Scratch& scratch, const std::string& text) {
  const std::string path = scratch.path("linkdx.toml");
  std::ofstream(path) << text;
  check::Settings settings = check::read_settings(path);
  for (Skipped& fault : settings.faults) fault.path = "";
  return settings;
}

std::string faults(const check::Settings& settings) {
  std::string text;
  for (const Skipped& fault : settings.faults) text += fault.reason + "\n";
  return text;
}

check::Finding finding(std::string code, std::string fingerprint, check::Severity severity) {
  check::Finding result;
  result.diagnosis.code = std::move(code);
  result.diagnosis.title = "title";
  result.fingerprint = std::move(fingerprint);
  result.severity = severity;
  result.place.path = "a.o";
  return result;
}

/// Two functions of one object, an exported one and what it calls, both above the baseline.
std::string leaking_object(Scratch& scratch, const std::string& name) {
  return scratch.assemble(name, R"(
.globl scale
.type scale,@function
scale: vpbroadcastd (%rdi), %ymm0
 call fast_sum
 ret
.size scale, .-scale
.globl fast_sum
.type fast_sum,@function
fast_sum: vpbroadcastd (%rsi), %ymm1
 ret
.size fast_sum, .-fast_sum
)");
}

check::Result checked(const std::string& path, std::vector<check::Suppression> suppressions = {}) {
  check::Request request;
  request.paths = {path};
  request.suppressions = std::move(suppressions);
  return check::run(request);
}

}  // namespace

TEST_CASE("patterns: a star stands for any text") {
  CHECK(fits_pattern("*/libfast.a", "out/libfast.a"));
  CHECK(fits_pattern("*/libfast.a(*)", "out/libfast.a(x.o)"));
  CHECK(fits_pattern("fast_*", "fast_sum"));
  CHECK(fits_pattern("*", ""));
  CHECK(fits_pattern("a*b*c", "aXbbYc"));
  CHECK_FALSE(fits_pattern("fast_*", "a_fast_sum"));
  CHECK_FALSE(fits_pattern("a*b", "aXbY"));
  CHECK_FALSE(fits_pattern("", "x"));
}

TEST_CASE("settings: a baseline, and suppressions with their reasons") {
  Scratch scratch;
  const check::Settings settings = read(scratch, R"(baseline = "x86-64-v2"
[[suppress]]
file = "*/libfast.a"
symbol = "fast_*"
code = "LDX7001"
reason = "only installed on machines with AVX2"
)");
  CHECK(faults(settings) == "");
  CHECK(settings.baseline == "x86-64-v2");
  REQUIRE(settings.suppressions.size() == 1);
  CHECK(settings.suppressions[0].symbol == "fast_*");
  CHECK(settings.suppressions[0].line == 2);
}

TEST_CASE("settings: what is wrong is said with its line, and the rest is read") {
  Scratch scratch;
  const check::Settings settings = read(scratch, R"([[suppress]]
symbol = "a"
[[suppress]]
reason = "because"
[[suppress]]
symbol = 3
reason = "because"
[[suppress]]
symbol = "kept"
reason = "because"
)");
  CHECK(faults(settings) ==
        "line 1: a suppression needs a `reason`\n"
        "line 3: a suppression needs a `symbol`, `file` or `code`: this one would fit everything\n"
        "line 6: `symbol` is no text\n"
        "line 5: a suppression needs a `symbol`, `file` or `code`: this one would fit everything\n");
  REQUIRE(settings.suppressions.size() == 1);
  CHECK(settings.suppressions[0].symbol == "kept");
}

TEST_CASE("settings: what toml++ does not foresee is no TOML") {
  CHECK(faults(check::parse_settings(std::string_view("baseline = \"x\"\n[[\0", 18), "f")) != "");
  CHECK(faults(check::parse_settings("[\n", "f")) != "");
  CHECK(faults(check::parse_settings("baseline = \"x\"  # gr\u00fc\u00df\n", "f")) == "");
}

TEST_CASE("a suppression takes one function out of a finding; one that fits nothing is said") {
  Scratch scratch;
  const std::string path = leaking_object(scratch, "a.o");
  const check::Result all = checked(path);
  REQUIRE(all.findings.size() == 1);
  CHECK(all.findings[0].diagnosis.code == "LDX7001");
  CHECK(all.findings[0].diagnosis.symbols == std::vector<std::string>{"scale", "fast_sum"});

  const check::Result less =
      checked(path, {{.symbol = "fast_*", .file = "", .code = "", .reason = "looked at", .line = 1},
                     {.symbol = "other", .file = "", .code = "", .reason = "gone", .line = 4}});
  REQUIRE(less.findings.size() == 1);
  CHECK(less.findings[0].diagnosis.symbols == std::vector<std::string>{"scale"});
  REQUIRE(less.suppressed.size() == 1);
  CHECK(less.suppressed[0].reason == "looked at");
  REQUIRE(less.unmatched.size() == 1);
  CHECK(less.unmatched[0].symbol == "other");

  const check::Result none =
      checked(path, {{.symbol = "", .file = "*/a.o", .code = "LDX7001", .reason = "looked at", .line = 1}});
  CHECK(none.findings.empty());
}

TEST_CASE("known findings are left out, new ones and notes are not") {
  check::Result before;
  before.baseline = "x86-64";
  before.findings = {finding("LDX7001", "1111", check::Severity::Error),
                     finding("LDX7009", "2222", check::Severity::Note)};
  const std::string text = check::write_known(before);
  CHECK(text == R"({
  "schema": "linkdx-known-findings/1",
  "baseline": "x86-64",
  "findings": [
    {
      "fingerprint": "1111",
      "code": "LDX7001",
      "where": "a.o",
      "title": "title"
    }
  ]
}
)");
  check::Result now;
  now.findings = {finding("LDX7001", "1111", check::Severity::Error),
                  finding("LDX7002", "3333", check::Severity::Error),
                  finding("LDX7009", "2222", check::Severity::Note)};
  std::string fault;
  CHECK(check::drop_known(now, text, fault) == 1);
  REQUIRE(now.findings.size() == 2);
  CHECK(now.findings[0].fingerprint == "3333");
}

TEST_CASE("a file that is no list of known findings is refused") {
  check::Result result;
  std::string fault;
  CHECK_FALSE(check::drop_known(result, "{\"findings\": []}", fault));
  CHECK(fault == "not a file that --write-baseline wrote");
  CHECK_FALSE(check::drop_known(result, "[1,", fault));
  CHECK_FALSE(check::drop_known(result, "", fault));
  CHECK_FALSE(check::drop_known(result, std::string(1000000, '['), fault));
}

TEST_CASE(
    "a finding keeps its fingerprint when code moves in its file, and not when it is another function") {
  Scratch scratch;
  const std::string first = checked(leaking_object(scratch, "a.o")).findings.at(0).fingerprint;
  scratch.assemble("a.o", R"(
.globl before
.type before,@function
before: ret
.size before, .-before
.globl scale
.type scale,@function
scale: nop
 vpbroadcastd (%rdi), %ymm0
 ret
.size scale, .-scale
)");
  CHECK(checked(scratch.path("a.o")).findings.at(0).fingerprint == first);
  scratch.assemble(
      "a.o",
      ".globl other\n.type other,@function\nother: vpbroadcastd (%rdi), %ymm0\n ret\n.size other, .-other\n");
  CHECK(checked(scratch.path("a.o")).findings.at(0).fingerprint != first);
}
