// Fixes tried: what passes says what was run, what fails goes behind, and nothing that a log says is trusted.
#include <doctest/doctest.h>

#include "verify_directory.hpp"

using namespace linkdx;
using namespace linkdx::verify;

namespace {

fix::Fix with_trial(const std::string& title, std::vector<std::string> before,
                    std::vector<std::string> after) {
  fix::Fix fix;
  fix.title = title;
  fix.confidence = Confidence::Certain;
  fix.trial = fix::Fix::Trial{std::move(before), std::move(after)};
  return fix;
}

struct Tried {
  std::vector<fix::Fix> fixes;
  std::vector<Skipped> left_alone;
};
Tried tried(std::vector<fix::Fix> fixes, const std::string& compiler) {
  fix::Remedy remedy;
  remedy.fixes = std::move(fixes);
  diagnose::Case facts;
  facts.target = "x86_64-unknown-linux-gnu";
  facts.arch = isa::Arch::X86_64;
  Tried result;
  result.left_alone = llvm::cantFail(try_fixes(remedy, {}, facts, {compiler}));
  result.fixes = std::move(remedy.fixes);
  return result;
}

}  // namespace

#ifdef __x86_64__
TEST_CASE("fixes: flags that fail alone and pass with the fix") {
  if (!have("gcc")) return;
  const TestDirectory directory;
  // As a cross GCC: no `native`, but for a later -march that replaces it.
  const std::string cross =
      directory.script("cc",
                       "case \"$*\" in *-march=native*-march=*) exec gcc \"$@\";; *-march=native*) echo "
                       "\"cc1: error: bad value 'native'\" >&2; exit 1;; esac\nexec gcc \"$@\"\n");
  const Tried result = tried(
      {with_trial("wrap", {"-mavx2", "-march=native"}, {"-mavx2", "-march=native", "-march=x86-64"})}, cross);
  CHECK(result.left_alone.empty());
  REQUIRE(result.fixes.at(0).verified);
  CHECK(result.fixes[0].verified->command == cross + " -mavx2 -march=native -march=x86-64 -c pq4_sum_avx2.c");
  const std::string& said = result.fixes[0].verified->result;
  CHECK_MESSAGE(said.starts_with("passed: linkdx's reference kernel compiles by "), said);
  CHECK_MESSAGE(
      said.find("; without the fix it fails here too (cc1: error: bad value 'native'); its object needs ") !=
          std::string::npos,
      said);
  CHECK(result.fixes[0].confidence == Confidence::Certain);
}

TEST_CASE("fixes: one that fails loses its confidence and goes behind the others") {
  if (!have("gcc")) return;
  const TestDirectory directory;
  const std::string refuses = directory.script(
      "cc", "case \"$*\" in *-march=native*) echo 'error: no' >&2; exit 1;; esac\nexec gcc \"$@\"\n");
  fix::Fix other;
  other.title = "by hand";
  other.apply.manual = "do it";
  const Tried result =
      tried({with_trial("append", {"-march=native"}, {"-march=native", "-march=x86-64"}), other}, refuses);
  REQUIRE(result.fixes.size() == 2);
  CHECK(result.fixes[0].title == "by hand");
  CHECK_FALSE(result.fixes[0].verified);
  CHECK(result.fixes[1].confidence == Confidence::Possible);
  REQUIRE(result.fixes[1].verified);
  CHECK(result.fixes[1].verified->result == "failed: linkdx's reference kernel does not compile: error: no");
}

TEST_CASE("fixes: another compiler than the one that failed proves nothing") {
  if (!have("gcc")) return;
  const Tried result =
      tried({with_trial("wrap", {"-march=x86-64-v2"}, {"-march=x86-64-v2", "-march=x86-64"})}, "gcc");
  CHECK_FALSE(result.fixes.at(0).verified);
  REQUIRE(result.left_alone.size() == 1);
  CHECK(result.left_alone[0].reason ==
        "`gcc` takes `-march=x86-64-v2`, which failed in the build: name the compiler that the build used "
        "with --cc");
}
#endif

TEST_CASE("fixes: flags are a question to the compiler that the user names") {
  const Tried result = tried({with_trial("wrap", {"-march=native"}, {"-march=native", "-march=x86-64"})}, "");
  CHECK_FALSE(result.fixes.at(0).verified);
  REQUIRE(result.left_alone.size() == 1);
  CHECK(result.left_alone[0].path == "wrap");
  CHECK(result.left_alone[0].reason == "name the C compiler of the build with --cc");
}

TEST_CASE("fixes: a flag from a log that could load a file is not handed to a compiler") {
  for (const std::string flag :
       {"-fplugin=/tmp/x.so", "-mllvm -load=/tmp/x.so", "-wrapper", "@file", "-m/../x"}) {
    const Tried result = tried({with_trial("wrap", {}, {flag})}, "gcc");
    REQUIRE(result.left_alone.size() == 1);
    CHECK(result.left_alone[0].reason == "its flags are not of a kind that is handed to a compiler");
  }
}

TEST_CASE("fixes: a reference kernel is made, inspected and run") {
  if (!have("x86_64-linux-gnu-gcc")) return;
  fix::Fix fix;
  fix.title = "shim";
  fix.apply.commands = {{"linkdx", "shim", "-o", "/nowhere/libfix.a", "--target", "x86_64-unknown-linux-gnu",
                         "sum_4bit_dist_table_32bytes_batch_avx512"}};
  const Tried result = tried({fix}, "x86_64-linux-gnu-gcc");
  REQUIRE(result.fixes.at(0).verified);
  const std::string& said = result.fixes[0].verified->result;
  CHECK_MESSAGE(said.starts_with("passed: made by x86_64-linux-gnu-gcc"), said);
#ifdef __x86_64__
  CHECK_MESSAGE(said.find("run by native: equal: 20000 calls") != std::string::npos, said);
#endif
  CHECK_FALSE(std::filesystem::exists("/nowhere"));
}
