// The shim: what is made, what is refused, and that it links.
#include <doctest/doctest.h>

#include <algorithm>

#include "verify_directory.hpp"

using namespace linkdx::verify;

namespace {

const std::string x86_symbol = "sum_4bit_dist_table_32bytes_batch_avx512";

ShimRequest request(const TestDirectory& directory, const std::string& symbol, const std::string& compiler,
                    const std::string& target) {
  return {{symbol}, target, compiler, directory.workspace.file("libfix.a")};
}

}  // namespace

TEST_CASE("kernels: every export has variants, and every variant its source") {
  for (const Export& row : exports()) {
    const auto found = variants_for(row.kernel, row.architecture);
    REQUIRE_MESSAGE(!found.empty(), row.symbol);
    for (const Variant* variant : found) {
      const auto sources = kernel_sources();
      CHECK_MESSAGE(std::any_of(sources.begin(), sources.end(),
                                [&](const SourceText& text) { return text.name == variant->source; }),
                    variant->source);
    }
  }
}

TEST_CASE("kernels: no variant has the name of an export, which stands beside it in the shim") {
  for (const Export& row : exports())
    for (const Variant& variant : variants()) CHECK(variant.function() != row.symbol);
}

TEST_CASE("shim: half-precision kernels, each under the names of all its exports") {
  if (!have("x86_64-linux-gnu-gcc")) return;
  const TestDirectory directory;
  ShimRequest all = request(directory, "dot_f16_avx512", "x86_64-linux-gnu-gcc", "");
  all.symbols = {"norm_l2_f16_avx2", "dot_f16_avx512", "l2_f16_avx512", "cosine_f16_avx2"};
  const Shim shim = llvm::cantFail(make_shim(all));
  REQUIRE(shim.made.size() == 4);
  CHECK(shim.not_inspected.empty());
  llvm::cantFail(write_kernel_sources(directory.workspace.path()));
  for (const Shim::Made& made : shim.made) {
    CHECK(made.variants == std::vector<std::string>{"portable", "f16c", "avx512"});
    const Run linked = llvm::cantFail(run({"x86_64-linux-gnu-gcc", "-DLINKDX_CHECKED=" + made.symbol,
                                           made.kernel + "_check.c", shim.path, "-o", "check"},
                                          std::chrono::seconds(60), directory.workspace.path()));
    CHECK_MESSAGE(linked.succeeded(), linked.output);
#ifdef __x86_64__
    CHECK(llvm::cantFail(run({directory.workspace.file("check"), "5000"}, std::chrono::seconds(60))).output ==
          "equal: 5000 calls\n");
#endif
  }
}

TEST_CASE("shim: where every CPU has the only variant, nobody is asked, so no C library is needed") {
  if (!have("aarch64-linux-gnu-gcc")) return;
  const TestDirectory directory;
  const Shim shim =
      llvm::cantFail(make_shim(request(directory, "dot_f16_neon", "aarch64-linux-gnu-gcc", "")));
  CHECK(shim.made.at(0).variants == std::vector<std::string>{"neon"});
  CHECK(shim.inspected.at(0) ==
        "defines what was asked for and nothing else; refers to nothing; runs nothing at start");
}

TEST_CASE("shim: what another architecture's compiler makes is read to the last instruction") {
  const std::string kernel = "sum_4bit_dist_table_32bytes_batch_";
  for (const auto& [compiler, suffix] :
       {std::pair<std::string, std::string>{"powerpc64le-linux-gnu-gcc", "vsx"},
        {"riscv64-linux-gnu-gcc", "rvv"},
        {"clang-19 --target=wasm32-unknown-unknown", "simd128"},
        {"clang-19 --target=loongarch64-linux-gnu", "lsx"}}) {
    if (!have(compiler.substr(0, compiler.find(' ')))) continue;
    const TestDirectory directory;
    const Shim shim = llvm::cantFail(make_shim(request(directory, kernel + suffix, compiler, "")));
    CHECK_MESSAGE(shim.inspected.size() == 2, suffix);
    CHECK_MESSAGE(shim.not_inspected.empty(), suffix);
  }
}

TEST_CASE("shim: a symbol without a reference kernel is refused, and nothing is written") {
  const TestDirectory directory;
  const Shim shim =
      llvm::cantFail(make_shim(request(directory, "transform_avx512", "", "x86_64-unknown-linux-gnu")));
  CHECK(shim.made.empty());
  REQUIRE(shim.refused.size() == 1);
  CHECK(shim.refused[0].symbol == "transform_avx512");
  CHECK(shim.refused[0].reason ==
        "linkdx has no reference kernel for it, and an empty stand-in would return wrong results");
  CHECK_FALSE(std::filesystem::exists(directory.workspace.file("libfix.a")));
}

TEST_CASE("shim: a kernel of another architecture is refused with the target to name") {
  if (!have("aarch64-linux-gnu-gcc")) return;
  const TestDirectory directory;
  const Shim shim =
      llvm::cantFail(make_shim(request(directory, x86_symbol, "", "aarch64-unknown-linux-gnu")));
  REQUIRE(shim.refused.size() == 1);
  CHECK(shim.refused[0].reason == "it is a kernel for x86_64, and the target is aarch64-unknown-linux-gnu");
  CHECK(shim.refused[0].instead == "name the target of the failed link: --target x86_64-unknown-linux-gnu");
}

TEST_CASE("shim: a compiler for another target is refused before anything is compiled") {
  if (!have("aarch64-linux-gnu-gcc")) return;
  const TestDirectory directory;
  auto shim = make_shim(request(directory, x86_symbol, "aarch64-linux-gnu-gcc", "x86_64-unknown-linux-gnu"));
  CHECK(
      llvm::toString(shim.takeError()) ==
      "`aarch64-linux-gnu-gcc` makes code for aarch64-linux-gnu, and the target is x86_64-unknown-linux-gnu");
}

TEST_CASE("shim: the archive defines the symbol with all variants, and links and works with each linker") {
  if (!have("x86_64-linux-gnu-gcc")) return;
  const TestDirectory directory;
  const Shim shim = llvm::cantFail(make_shim(request(directory, x86_symbol, "x86_64-linux-gnu-gcc", "")));
  REQUIRE(shim.made.size() == 1);
  REQUIRE(!shim.lines.empty());
  CHECK(shim.lines[0].text == "RUSTFLAGS=\"$RUSTFLAGS -C link-arg=" + shim.path +
                                  "\" cargo build --target x86_64-unknown-linux-gnu");
  CHECK(shim.made[0].variants ==
        std::vector<std::string>{"portable", "ssse3", "avx2", "avx512bw", "avx512vnni"});
  CHECK(shim.left_out.empty());
  CHECK(shim.inspected ==
        std::vector<std::string>{
            "defines what was asked for and nothing else; refers to nothing; runs nothing at start",
            "instructions of 6 functions: each variant needs its own features and no others, all else only "
            "the x86-64 baseline"});
  llvm::cantFail(write_kernel_sources(directory.workspace.path()));
  for (const std::string linker : {"bfd", "gold", "lld", "mold"}) {
    if (!have("ld." + linker)) continue;
    const Run linked =
        llvm::cantFail(run({"x86_64-linux-gnu-gcc", "-fuse-ld=" + linker, "-DLINKDX_CHECKED=" + x86_symbol,
                            "pq4_sum_check.c", shim.path, "-o", "check"},
                           std::chrono::seconds(60), directory.workspace.path()));
    CHECK_MESSAGE(linked.succeeded(), linker << ": " << linked.output);
#ifdef __x86_64__
    CHECK(
        llvm::cantFail(run({directory.workspace.file("check"), "20000"}, std::chrono::seconds(60))).output ==
        "equal: 20000 calls\n");
    if (have("qemu-x86_64"))
      CHECK(llvm::cantFail(run({"qemu-x86_64", "-cpu", "Nehalem", directory.workspace.file("check"), "2000"},
                               std::chrono::seconds(60)))
                .output == "equal: 2000 calls\n");
#endif
  }
}

TEST_CASE("shim: a wrapper that adds -march=native is caught, and nothing is written") {
  if (!have("x86_64-linux-gnu-gcc")) return;
  const TestDirectory directory;
  const std::string wrapper = directory.script("cc", "exec x86_64-linux-gnu-gcc \"$@\" -mavx2\n");
  auto shim = make_shim(request(directory, x86_symbol, wrapper, "x86_64-unknown-linux-gnu"));
  const std::string wrong = llvm::toString(shim.takeError());
  CHECK_MESSAGE(wrong.find("above what it was compiled for") != std::string::npos, wrong);
  CHECK_FALSE(std::filesystem::exists(directory.workspace.file("libfix.a")));
}

TEST_CASE("shim: a variant that the compiler does not know is left out, and said") {
  if (!have("x86_64-linux-gnu-gcc")) return;
  const TestDirectory directory;
  const std::string wrapper = directory.script(
      "cc",
      "case \"$*\" in *try_pq4_sum_avx512vnni.c*) echo 'error: no vpdpbusd here' >&2; exit 1;; esac\n"
      "exec x86_64-linux-gnu-gcc \"$@\"\n");
  const Shim shim =
      llvm::cantFail(make_shim(request(directory, x86_symbol, wrapper, "x86_64-unknown-linux-gnu")));
  REQUIRE(shim.left_out.size() == 1);
  CHECK(shim.left_out[0].path == "avx512vnni");
  CHECK(shim.left_out[0].reason == "error: no vpdpbusd here");
  CHECK(shim.made[0].variants == std::vector<std::string>{"portable", "ssse3", "avx2", "avx512bw"});
}

TEST_CASE("shim: Mach-O and COFF names, and the callers' underscore") {
  if (!have("clang-19")) return;
  const TestDirectory directory;
  for (const std::string target : {"x86_64-apple-darwin", "x86_64-pc-windows-msvc"}) {
    const Shim shim = llvm::cantFail(make_shim(request(
        directory, (target.find("apple") != std::string::npos ? "_" : "") + x86_symbol, "clang-19", target)));
    REQUIRE(shim.made.size() == 1);
    CHECK(shim.made[0].symbol == x86_symbol);
    CHECK(shim.inspected.size() == 2);
    CHECK(shim.not_inspected.empty());
  }
}
