// verify on compilers with planted faults: each is found at the step where it shows.
#include <doctest/doctest.h>

#include "verify_directory.hpp"

using namespace linkdx::verify;

namespace {

/// The steps of one configuration on one line: `flags ok, compiles FAILED: what was said`.
std::string proved(const std::string& compiler, const std::string& configuration, std::chrono::seconds limit = std::chrono::seconds(60)) {
  const Matrix matrix = llvm::cantFail(linkdx::verify::verify({"", compiler, {configuration}, "", limit}));
  std::string text;
  for (const Step& step : matrix.configurations.at(0).steps) {
    if (step.outcome == Outcome::Passed) continue;
    text += step.name + " " + std::string(name_of(step.outcome)) + ": " + step.detail + "\n";
  }
  return text;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

#ifdef __x86_64__
TEST_CASE("verify: a sound compiler passes, and the CPU decides whether it is run") {
  if (!have("gcc") || !have("qemu-x86_64")) return;
  CHECK(proved("gcc", "x86-64") == "");
  const std::string v4 = proved("gcc", "x86-64-v4");
  CHECK((v4.empty() || v4 == "runs not-run: not run: this CPU lacks the features\n"));
}

TEST_CASE("verify: a name that means nothing") {
  if (!have("gcc")) return;
  CHECK(proved("gcc", "avx9000") == "flags failed: `avx9000` is no level, CPU or feature of x86_64 that linkdx knows\n");
}

TEST_CASE("verify: a wrapper that drops -m flags fails to compile the kernel") {
  if (!have("gcc")) return;
  const TestDirectory directory;
  const std::string wrapper = directory.script("cc",
      "for word do shift; case $word in -m*) ;; *) set -- \"$@\" \"$word\";; esac; done\nexec gcc \"$@\"\n");
  const std::string said = proved(wrapper, "x86-64-v3");
  CHECK_MESSAGE(said.starts_with("compiles failed: "), said);
  CHECK(contains(said, "target specific option mismatch"));
}

TEST_CASE("verify: a wrapper that adds flags makes an object that needs too much") {
  if (!have("gcc")) return;
  const TestDirectory directory;
  const std::string said = proved(directory.script("cc", "exec gcc \"$@\" -march=x86-64-v4\n"), "x86-64-v3");
  CHECK_MESSAGE(said.starts_with("contains failed: "), said);
}

TEST_CASE("verify: a compiler that miscompiles is found when the kernel runs") {
  if (!have("gcc")) return;
  const TestDirectory directory;
  const std::string wrapper = directory.script("cc",
      "case \"$*\" in *LINKDX_BY_FLAGS*) sed -i s/0x31/0x20/ pq4_sum_avx2.c;; esac\nexec gcc \"$@\"\n");
  const std::string said = proved(wrapper, "x86-64-v3");
  if (contains(said, "not-run")) return;  // a CPU without AVX2
  CHECK_MESSAGE(said.starts_with("runs failed: wrong: "), said);
}

TEST_CASE("verify: a compiler that hangs is stopped") {
  if (!have("gcc")) return;
  const TestDirectory directory;
  const std::string wrapper = directory.script("cc",
      "case \"$*\" in *LINKDX_BY_FLAGS*) sleep 300;; esac\nexec gcc \"$@\"\n");
  CHECK(proved(wrapper, "x86-64-v2", std::chrono::seconds(4)) == "compiles failed: timed out after 4 s\n");
}
#endif

TEST_CASE("verify: AArch64 under an emulator") {
  if (!have("aarch64-linux-gnu-gcc") || !have("qemu-aarch64")) return;
  CHECK(proved("aarch64-linux-gnu-gcc", "armv8-a") == "");
}
