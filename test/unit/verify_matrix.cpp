// verify on compilers with planted faults: each is found at the step where it shows.
#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include <unistd.h>

#include "verify_directory.hpp"

using namespace linkdx::verify;

namespace {

/// The steps of one configuration on one line: `flags ok, compiles FAILED: what was said`.
std::string proved(const std::string& compiler, const std::string& configuration,
                   std::chrono::seconds limit = std::chrono::seconds(60)) {
  VerifyRequest request;
  request.compiler = compiler;
  request.configurations = {configuration};
  request.limit = limit;
  const Matrix matrix = llvm::cantFail(linkdx::verify::verify(request));
  std::string text;
  for (const Step& step : matrix.configurations.at(0).steps) {
    if (step.outcome == Outcome::Passed) continue;
    text += step.name + " " + std::string(name_of(step.outcome)) + ": " + step.detail + "\n";
  }
  return text;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// What a check says that was not run.
const std::string cpu_lacks =
    "not run: this CPU lacks the features, or its system does not say that it has them";

}  // namespace

#ifdef __x86_64__
TEST_CASE("verify: a sound compiler passes, and the CPU decides whether it is run") {
  if (!have("gcc") || !have("qemu-x86_64")) return;
  CHECK(proved("gcc", "x86-64") == "");
  const std::string v4 = proved("gcc", "x86-64-v4");
  CHECK((v4.empty() || v4 == "runs not-run: " + cpu_lacks + "\n"));
}

TEST_CASE("verify: a name that means nothing") {
  if (!have("gcc")) return;
  const std::string said = proved("gcc", "avx9000");
  CHECK_MESSAGE(said.starts_with("flags failed: `avx9000` is no level, CPU or feature of x86_64 that linkdx "
                                 "knows; as a CPU the C compiler says: "),
                said);
  CHECK(contains(said, "bad value"));
}

TEST_CASE("verify: a wrapper that drops -m flags fails to compile the kernel") {
  if (!have("gcc")) return;
  const TestDirectory directory;
  const std::string wrapper = directory.script(
      "cc",
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
  const std::string wrapper = directory.script(
      "cc", "case \"$*\" in *LINKDX_BY_FLAGS*) sed -i s/0x31/0x20/ pq4_sum_avx2.c;; esac\nexec gcc \"$@\"\n");
  const std::string said = proved(wrapper, "x86-64-v3");
  if (contains(said, "not-run")) return;  // a CPU without AVX2
  CHECK_MESSAGE(said.starts_with("runs failed: wrong: "), said);
}

TEST_CASE("verify: a compiler that hangs is stopped") {
  if (!have("gcc")) return;
  const TestDirectory directory;
  const std::string wrapper =
      directory.script("cc", "case \"$*\" in *LINKDX_BY_FLAGS*) sleep 300;; esac\nexec gcc \"$@\"\n");
  CHECK(proved(wrapper, "x86-64-v2", std::chrono::seconds(4)) == "compiles failed: timed out after 4 s\n");
}
#endif

#ifdef __x86_64__
TEST_CASE("verify: callers in C++ and Rust") {
  if (!have("gcc") || !have("g++") || !have("rustc")) return;
  VerifyRequest request;
  request.compiler = "gcc";
  request.cxx = "g++";
  request.rustc = "rustc";
  request.configurations = {"x86-64-v2"};
  const Matrix matrix = llvm::cantFail(linkdx::verify::verify(request));
  const Configuration& only = matrix.configurations.at(0);
  CHECK(only.rustflags == std::vector<std::string>{"-C", "target-cpu=x86-64-v2"});
  CHECK(only.steps.at(0).detail == "-march=x86-64-v2; C++: -march=x86-64-v2; rustc: -C target-cpu=x86-64-v2");
  CHECK(only.steps.at(4).detail == "callers: C, C++, Rust");
  CHECK(only.steps.at(5).detail == "equal: 20000 calls; C++: equal: 20000 calls; Rust: equal: 20000 calls");
}

TEST_CASE("verify: a CPU that rustc ignores with a line and exit status 0 is a failure") {
  if (!have("gcc") || !have("rustc")) return;
  const TestDirectory directory;
  const std::string wrapper =
      directory.script("rustc",
                       "for word do shift; case $word in target-cpu=*) word=target-cpu=nothing9;; esac; set "
                       "-- \"$@\" \"$word\"; done\nexec rustc \"$@\"\n");
  VerifyRequest request;
  request.compiler = "gcc";
  request.rustc = wrapper;
  request.configurations = {"x86-64-v3"};
  const Matrix matrix = llvm::cantFail(linkdx::verify::verify(request));
  const std::vector<Step>& steps = matrix.configurations.at(0).steps;
  REQUIRE(steps.size() == 1);
  CHECK(steps[0].outcome == Outcome::Failed);
  CHECK(steps[0].detail ==
        "rustc: 'nothing9' is not a recognized processor for this target (ignoring processor) (and exit "
        "status 0)");
}

TEST_CASE("verify: what an emulator lacks is not run") {
  if (!have("gcc") || !have("qemu-x86_64")) return;
  VerifyRequest request;
  request.compiler = "gcc";
  request.runner = "qemu-x86_64 -cpu Haswell";
  request.configurations = {"x86-64-v4"};
  const Matrix matrix = llvm::cantFail(linkdx::verify::verify(request));
  const Configuration& only = matrix.configurations.at(0);
  CHECK_FALSE(only.proved());
  CHECK(only.steps.at(5).outcome == Outcome::NotRun);
  CHECK(only.steps.at(5).detail == cpu_lacks);
}

TEST_CASE("verify: instructions of COFF objects are read") {
  if (!have("x86_64-w64-mingw32-gcc")) return;
  const TestDirectory directory;
  const std::string said =
      proved(directory.script("cc", "exec x86_64-w64-mingw32-gcc \"$@\" -march=x86-64-v4\n"), "x86-64-v3");
  CHECK_MESSAGE(said.starts_with("contains failed: "), said);
}

TEST_CASE("verify: an interrupt leaves nothing behind; keep leaves the directory") {
  if (!have("gcc")) return;
  const TestDirectory directory;
  const std::string temporary = directory.workspace.file("temporary");
  std::filesystem::create_directory(temporary);
  const char* before = std::getenv("TMPDIR");
  const std::string saved = before == nullptr ? "/tmp" : before;
  ::setenv("TMPDIR", temporary.c_str(), 1);
  VerifyRequest request;
  request.compiler =
      directory.script("cc", "case \"$*\" in *LINKDX_BY_FLAGS*) sleep 300;; esac\nexec gcc \"$@\"\n");
  request.configurations = {"x86-64"};
  {
    const Interruptible interruptible;
    std::thread sender([&] {
      // Once the workspace is there.
      while (std::filesystem::is_empty(temporary)) std::this_thread::sleep_for(std::chrono::milliseconds(20));
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      ::kill(::getpid(), SIGINT);
    });
    auto matrix = linkdx::verify::verify(request);
    sender.join();
    CHECK(llvm::toString(matrix.takeError()) == "interrupted");
  }
  CHECK(std::filesystem::is_empty(temporary));
  request.compiler = "gcc";
  request.keep = true;
  const Matrix matrix = llvm::cantFail(linkdx::verify::verify(request));
  CHECK(std::filesystem::exists(matrix.workspace + "/1-kernel.o"));
  ::setenv("TMPDIR", saved.c_str(), 1);
}
#endif

TEST_CASE("verify: instructions of other architectures are read") {
  struct Case {
    std::string compiler, configuration, added;
  };
  const Case cases[] = {
      {"clang-19 --target=riscv64-linux-gnu", "rv64gcv", ""},
      {"clang-19 --target=loongarch64-linux-gnu", "lasx", ""},
      {"clang-19 --target=wasm32-unknown-unknown", "simd128", ""},
      {"powerpc64le-linux-gnu-gcc", "pwr8", "-mcpu=power10"},
      {"s390x-linux-gnu-gcc", "arch8", "-march=z15"},
  };
  for (const Case& each : cases) {
    const std::string program = each.compiler.substr(0, each.compiler.find(' '));
    if (!have(program)) continue;
    const TestDirectory directory;
    VerifyRequest request;
    request.compiler = each.added.empty()
                           ? each.compiler
                           : directory.script("cc", "exec " + each.compiler + " \"$@\" " + each.added + "\n");
    request.configurations = {each.configuration};
    const Matrix matrix = llvm::cantFail(linkdx::verify::verify(request));
    const std::vector<Step>& steps = matrix.configurations.at(0).steps;
    REQUIRE_MESSAGE(steps.size() > 3, each.compiler);
    CHECK(steps[3].name == "contains");
    CHECK_MESSAGE(steps[3].outcome == (each.added.empty() ? Outcome::Passed : Outcome::Failed),
                  steps[3].detail);
  }
}

TEST_CASE("verify: AArch64 under an emulator") {
  if (!have("aarch64-linux-gnu-gcc") || !have("qemu-aarch64")) return;
  CHECK(proved("aarch64-linux-gnu-gcc", "armv8-a") == "");
}

TEST_CASE(
    "verify: in an emulator that cannot be asked for RISC-V's vectors they are run, and found lacking") {
  if (!have("clang-19") || !have("riscv64-linux-gnu-gcc") || !have("qemu-riscv64")) return;
  CHECK(proved("clang-19 --target=riscv64-linux-gnu", "rv64gcv") == "");
  VerifyRequest request;
  request.compiler = "clang-19 --target=riscv64-linux-gnu";
  request.runner = "qemu-riscv64 -cpu rv64,v=false";
  request.configurations = {"rv64gcv"};
  const Matrix matrix = llvm::cantFail(linkdx::verify::verify(request));
  const Step& runs = matrix.configurations.at(0).steps.at(5);
  CHECK(runs.outcome == Outcome::NotRun);
  CHECK(runs.detail == "qemu-riscv64 -cpu rv64,v=false does not know an instruction of pq4_sum_rvv");
}
