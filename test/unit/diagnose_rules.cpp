// Whole logs in, causes out: what can be said when there is nothing but the log.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "linkdx/diagnose.hpp"

using namespace linkdx;
using namespace linkdx::diagnose;

namespace {

std::vector<Diagnosis> diagnoses_of(const std::string& text) {
  Question question;
  question.logs.push_back(log::read("build.log", text));
  std::unique_ptr<Investigation> found = investigate(std::move(question));
  std::vector<Diagnosis> all;
  for (const Case& facts : found->cases)
    for (Diagnosis& diagnosis : diagnose::diagnose(facts)) all.push_back(std::move(diagnosis));
  return all;
}

/// `cause confidence` of the first diagnosis.
std::string first(const std::string& text) {
  std::vector<Diagnosis> all = diagnoses_of(text);
  if (all.empty()) return "nothing";
  constexpr const char* words[] = {"certain", "likely", "possible"};
  return std::string(name_of(all[0].cause)) + " " + words[static_cast<int>(all[0].confidence)];
}

}  // namespace

TEST_CASE("a kernel's name alone makes its missing object likely, never certain") {
  CHECK(first("/usr/bin/ld: main.o: in function `main':\nmain.c:(.text+0x5): undefined reference to "
              "`scale_rows_avx512'\n") == "kernel-object-not-built likely");
}

TEST_CASE("unmarked symbols missing from the same object lower it") {
  CHECK(first("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to "
              "`plain_table'\na.c:(.text+0x9): undefined reference to `sum_rows_sse2'\n")
            .ends_with("possible"));
}

TEST_CASE("a plain missing function is not called a kernel") {
  CHECK(first("/usr/bin/ld: main.o: in function `main':\nmain.c:(.text+0x5): undefined reference to "
              "`frobnicate'\n") == "other possible");
}

TEST_CASE("helpers are known by their written interface") {
  CHECK(first("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `__mulodi4'\n") ==
        "runtime-library-missing likely");
  CHECK(first("ld.lld: error: undefined symbol: __aarch64_ldadd4_relax\n>>> referenced by a.c\n>>>           "
              "    a.o:(f)\n") == "runtime-library-missing likely");
  CHECK(first("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `__atomic_load_16'\n") ==
        "missing-library likely");
  CHECK(first("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `__isoc23_strtol'\n") ==
        "libc-version-mismatch likely");
  CHECK(first("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `cosf'\n") ==
        "missing-library likely");
}

TEST_CASE("a known library that the command names before its last objects is an order fault") {
  CHECK(first("gcc -static -lm main.o -o main\n/usr/bin/ld: main.o: in function `main':\nmain.c:(.text+0x5): "
              "undefined reference to `cos'\n") == "library-order likely");
}

TEST_CASE("a library that is not found: the log shows that, and not why") {
  CHECK(first("/usr/bin/ld: cannot find -lgrid: No such file or directory\ncollect2: error: ld returned 1 "
              "exit status\n") == "missing-library likely");
}

TEST_CASE("two definitions are certain: the linker saw both") {
  CHECK(first("/usr/bin/ld: b.o: in function `f':\nb.c:(.text+0x0): multiple definition of `f'; "
              "a.o:a.c:(.text+0x0): first defined here\n") == "duplicate-definition certain");
}

TEST_CASE("an object for another machine") {
  CHECK(
      first("ld.lld: error: kernel.o is incompatible with elf64-x86-64\n").starts_with("wrong-arch-object"));
}

TEST_CASE("an intrinsic that became a call") {
  CHECK(
      first(
          "ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `_mm512_reduce_add_epi32'\n") ==
      "intrinsic-as-function likely");
}

TEST_CASE("a header that is not there") {
  const Diagnosis found =
      diagnoses_of(
          "src/tls.c:3:10: fatal error: openssl/ssl.h: No such file or directory\ncompilation terminated.\n")
          .front();
  CHECK(found.code == "LDX1514");
  CHECK(found.title == "the compiler does not find the header `openssl/ssl.h`");
  CHECK(std::get<HeaderAbsent>(found.finding).package == "libssl-dev");
}

TEST_CASE("Windows names the module, not the DLL that it needs") {
  const Diagnosis found =
      diagnoses_of(
          "ImportError: DLL load failed while importing _simd: The specified module could not be found.\n")
          .front();
  CHECK(found.code == "LDX0601");
  CHECK(found.title == "`_simd` or a DLL that it needs was not found");
}

TEST_CASE("an intrinsic that only x86-64 has") {
  const auto says_so = [](const std::string& log) {
    return diagnoses_of(log).front().explanation.find("only for x86-64") != std::string::npos;
  };
  const std::string wide = "ld: a.o: in function `f':\na.c:3: undefined reference to `_mm_extract_epi64'\n";
  CHECK(says_so(wide));
  CHECK(!says_so(wide + "a.c:4: undefined reference to `_mm_add_epi8'\n"));
}

TEST_CASE("an intrinsic by its name in Mach-O, for another machine") {
  const std::vector<Diagnosis> found = diagnoses_of(
      "Undefined symbols for architecture arm64:\n  \"__mm_crc32_u64\", referenced from:\n      _crc in "
      "crc.o\n"
      "ld: symbol(s) not found for architecture arm64\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == "LDX1301");
  CHECK(found[0].explanation.find("this build is for `arm64-apple-darwin`") != std::string::npos);
  CHECK(std::holds_alternative<Nothing>(found[0].finding));
}

TEST_CASE("a log without a failure has no case") {
  CHECK(diagnoses_of("[1/2] Building C object a.o\n[2/2] Linking C executable a\n").empty());
  CHECK(diagnoses_of("").empty());
}

TEST_CASE("every code has one row, and rules use only codes that have one") {
  for (const RuleInfo& rule : rules()) {
    CHECK(rule.code.size() == 7);
    CHECK(std::count_if(rules().begin(), rules().end(),
                        [&](const RuleInfo& other) { return other.code == rule.code; }) == 1);
    CHECK(!rule.page.empty());
  }
  for (const Diagnosis& diagnosis :
       diagnoses_of("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `g_avx2'\n"))
    CHECK(std::any_of(rules().begin(), rules().end(),
                      [&](const RuleInfo& rule) { return rule.code == diagnosis.code; }));
}

TEST_CASE("what is not certain names the evidence that is missing") {
  for (const char* name : {"frobnicate", "rows_avx2", "__mulodi4", "vtable for Shape", "x.llvm.123"})
    for (const Diagnosis& diagnosis :
         diagnoses_of(std::string("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `") +
                      name + "'\n"))
      if (diagnosis.confidence != Confidence::Certain)
        CHECK_MESSAGE(!diagnosis.missing_evidence.empty(), name);
}

TEST_CASE("a configure step that stops for want of an assembler") {
  CHECK(first("checking for gcc... gcc\nFound no assembler\nMinimum version is nasm-2.13\n") ==
        "asm-tool-missing likely");
  CHECK(first("ERROR: nasm/yasm not found or too old\n") == "asm-tool-missing likely");
}

TEST_CASE("types and intrinsics that the compiler does not know") {
  CHECK(first("sum.cc:3:1: error: ‘__m512i’ does not name a type\n") ==
        "assembler-or-compiler-too-old likely");
  CHECK(first("sum.cc:9:3: error: ‘_mm512_reduce_add_epi32’ was not declared in this scope\n") ==
        "assembler-or-compiler-too-old likely");
  CHECK(first("sum.cc:9:3: error: ‘total’ was not declared in this scope\n") == "other possible");
}

TEST_CASE("a source for another machine than the assembler") {
  CHECK(first("gcc_arm64.S: Assembler messages:\ngcc_arm64.S:27: Error: no such instruction: `stp "
              "x19,x20,[sp,#16]'\n") == "wrong-arch-object likely");
  CHECK(first("sum.S: Assembler messages:\nsum.S:7: Error: no such instruction: `vpdpbusd "
              "%zmm0,%zmm1,%zmm2'\n") == "assembler-or-compiler-too-old likely");
}

TEST_CASE("GCC names the header of an intrinsic, clang the feature: that is what the file lacks") {
  auto lacking = [](const char* text) {
    std::string names;
    for (const Diagnosis& diagnosis : diagnoses_of(text))
      if (const FlagMismatch* found = std::get_if<FlagMismatch>(&diagnosis.finding))
        for (const std::string& name : found->lacking.names()) names += name + " ";
    return names;
  };
  CHECK(lacking("/usr/lib/gcc/x86_64-linux-gnu/12/include/fmaintrin.h:63:1: error: inlining failed in call "
                "to ‘always_inline’ "
                "‘_mm256_fmadd_ps’: target specific option mismatch\n") == "fma ");
  CHECK(lacking("a.c:4:9: error: always_inline function '_mm256_add_epi32' requires target feature 'avx2', "
                "but would be inlined into "
                "function 'f' that is compiled without support for 'avx2'\n") == "avx2 ");
}

TEST_CASE("loaders: a symbol that only a newer system's library has") {
  CHECK(first("dyld: Symbol not found: _new_in_13\n  Referenced from: /x/app (which was built for Mac OS X "
              "13.0)\n  Expected in: /usr/lib/libSystem.B.dylib\n") == "libc-version-mismatch likely");
  CHECK(first("dlopen failed: cannot locate symbol \"sigfillset\" referenced by \"libx.so\"...\n") ==
        "libc-version-mismatch likely");
  CHECK(first("Error relocating ./app: __memcpy_chk: symbol not found\n") == "libc-version-mismatch likely");
  CHECK(first("ImportError: /x/_c.so: undefined symbol: __pow_finite\n") == "libc-version-mismatch likely");
}

TEST_CASE("musl's loader: a library that is missing explains the symbols behind it") {
  std::vector<Diagnosis> all = diagnoses_of(
      "Error loading shared library libstdc++.so.6: No such file or directory (needed by ./app)\n"
      "Error relocating ./app: _ZSt9terminatev: symbol not found\nError relocating ./app: f: symbol not "
      "found\n");
  REQUIRE(all.size() == 1);
  CHECK(all[0].code == "LDX0601");
  CHECK(all[0].symbols == std::vector<std::string>{"_ZSt9terminatev", "f"});
}

TEST_CASE("link.exe compares settings that objects carry") {
  CHECK(first("z.lib(z.obj) : error LNK2038: mismatch detected for 'RuntimeLibrary': value "
              "'MT_StaticRelease' doesn't match value "
              "'MD_DynamicRelease' in app.obj\n") == "abi-or-mangling-mismatch certain");
}

TEST_CASE("a library that is linked only through another, in a log without the symbol") {
  CHECK(first("/usr/bin/ld: /lib/libm.so.6: error adding symbols: DSO missing from command line\n") ==
        "missing-library likely");
}

TEST_CASE("an inline function that the compiler announced") {
  CHECK(first("f.h:3:13: warning: inline function 'row_avx2' declared but never defined\n"
              "/usr/bin/ld: main.o: in function `main':\nmain.c:(.text+0x5): undefined reference to "
              "`row_avx2'\n") == "other likely");
}

TEST_CASE("a kernel missed by objects of its own kind is less sure to be left out") {
  CHECK(first("/usr/bin/ld: sum_avx2.o: in function `sum_avx2':\nsum_avx2.c:(.text+0x5): undefined reference "
              "to `row_avx2'\n") == "kernel-object-not-built possible");
}

TEST_CASE("words of an architecture are also told by capitals") {
  CHECK(first("app.obj : error LNK2001: unresolved external symbol GetAarch64Info\n") ==
        "kernel-object-not-built possible");
  CHECK(first("app.obj : error LNK2001: unresolved external symbol SetAlarmInfo\n") == "other possible");
}

/// `CODE title` of the first diagnosis.
static std::string first_title(const std::string& text) {
  std::vector<Diagnosis> all = diagnoses_of(text);
  return all.empty() ? "nothing" : all[0].code + " " + all[0].title;
}

TEST_CASE("what each output takes from libgcc.a is missing in the library that refers to it") {
  CHECK(first_title("/usr/bin/ld: ./libfast.so: undefined reference to `__cpu_model'\n") ==
        "LDX0901 `./libfast.so` refers to `__cpu_model`, and was linked without libgcc.a");
  CHECK(first_title("/usr/bin/ld: app: hidden symbol `__cpu_indicator_init' in "
                    "/usr/lib/gcc/x86_64-linux-gnu/12/libgcc.a(cpuinfo.o) is referenced by DSO\n") ==
        "LDX0901 a shared library of this link refers to `__cpu_indicator_init`, and was linked without "
        "libgcc.a");
  CHECK(first_title("/usr/bin/ld: fast.o: in function `f':\nfast.c:(.text+0x5): undefined reference to "
                    "`__cpu_model'\n") == "LDX0901 `__cpu_model` is in libgcc, which is not linked");
}

TEST_CASE("an object that the link names and nothing made, and start files that are not installed") {
  CHECK(first_title("/usr/bin/ld: cannot find asm/sum.o: No such file or directory\n") ==
        "LDX0109 `sum.o` was not made");
  CHECK(first_title("/usr/bin/ld: cannot find crt1.o: No such file or directory\n") ==
        "LDX0601 `crt1.o` was not found");
  CHECK(first_title("sum.c:3:5: error: expected ';' before 'return'\n"
                    "make: [Makefile:3: asm/sum.o] Error 1 (ignored)\n"
                    "/usr/bin/ld: cannot find asm/sum.o: No such file or directory\n") ==
        "LDX0103 `sum.o` was not made: a compile failed earlier in the log");
}

TEST_CASE("symbols of Apple's frameworks, where the linker is Apple's") {
  const std::string log =
      "Undefined symbols for architecture arm64:\n  \"_SecTrustEvaluate\", referenced from:\n      _f in "
      "libtls.a(t.o)\n"
      "ld: symbol(s) not found for architecture arm64\n";
  CHECK(first_title(log) == "LDX0604 `_SecTrustEvaluate` is in the framework Security, which is not linked");
  CHECK(first("/usr/bin/ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to "
              "`SecTrustEvaluate'\n") == "other possible");
}

TEST_CASE("the old std::string counts only where a loader found the library without the symbol") {
  CHECK(first("ImportError: /opt/x.so: undefined symbol: _ZN3lib5parseERKSsb\n") ==
        "abi-or-mangling-mismatch possible");
  CHECK(!first("ld: a.o: in function `f':\na.cc:(.text+0x5): undefined reference to `lib::parse(std::string "
               "const&, "
               "bool)'\n")
             .starts_with("abi-or-mangling-mismatch"));
}

TEST_CASE("builtins and types that a compiler takes only with their feature") {
  CHECK(first_title("k.c:228:7: error: '__builtin_vsx_lxvw4x_v16qi' requires the '-mvsx' option\n")
            .starts_with("LDX0501 "));
  CHECK(first_title("k.c:131:14: error: argument type 'vfloat32m1_t' requires the V ISA extension\n") ==
        "LDX0501 code for CPU features is compiled where they are off");
  CHECK(first_title("k.s: Assembler messages:\nk.s:3: Error: cannot find default versions of the ISA "
                    "extension `v'\n") == "LDX0201 the assembler does not know `v`");
}

TEST_CASE("an option that only Apple's compilers have") {
  CHECK(first_title("cc: error: unrecognized command-line option '-arch'; did you mean '-march='?\n") ==
        "LDX1510 the compiler does not know `-arch`");
}

TEST_CASE("an undeclared intrinsic is only warned of in C, and stops its file") {
  CHECK(first_title(
            "k.c:122:33: warning: implicit declaration of function '_mm256_loadu2_m128i' "
            "[-Wimplicit-function-declaration]\n"
            "k.c:122:33: error: incompatible types when initializing type '__m256i' using type 'int'\n") ==
        "LDX0203 the compiler does not know `_mm256_loadu2_m128i`");
}

TEST_CASE("two definitions at one line of a header: the header makes them") {
  std::vector<Diagnosis> all = diagnoses_of(
      "/usr/bin/ld: b.o: in function `sum(int)':\n/src/sum.hpp:7: multiple definition of `sum(int)'; "
      "a.o:/src/sum.hpp:7: first defined here\ncollect2: error: ld returned 1 exit status\n");
  REQUIRE(all.size() == 1);
  const Duplicated* found = std::get_if<Duplicated>(&all[0].finding);
  REQUIRE(found);
  CHECK(found->header == "/src/sum.hpp");
  CHECK(found->header_line == 7);
}

TEST_CASE("GNU as for ARM, in the words of old and new releases") {
  CHECK(
      first("{standard input}:9: Error: selected processor does not support ARM mode `ubfx r7,r2,#0,#4'\n") ==
      "feature-flag-mismatch-between-units likely");
  CHECK(first("k.S:3: Error: selected FPU does not support instruction -- `vmov.i32 d22,#1'\n") ==
        "feature-flag-mismatch-between-units likely");
}

TEST_CASE("the first releases that take what the compiler refused") {
  const auto release = [](const std::string& text) {
    const Diagnosis found = diagnoses_of(text).front();
    const OtherRelease& release = std::get<OtherRelease>(found.finding);
    return release.gcc + " " + release.clang;
  };
  CHECK(release("gcc: error: unrecognized command line option '-mavx512fp16'\n") == "12 14");
  CHECK(release("cc1: error: bad value (‘x86-64-v3’) for ‘-march=’ switch\n") == "11 12");
  CHECK(release("a.c:3:1: error: unknown type name ‘__m512h’\n") == "12 14");
  CHECK(release("a.c:3:1: error: ‘_mm_loadu_si32’ was not declared in this scope\n") == "11 ");
}

TEST_CASE("routines of BLAS and LAPACK, at the link and at run time") {
  const auto link = [](const std::string& name) {
    return first_title("ld: a.o: in function `f':\na.c:3: undefined reference to `" + name + "'\n");
  };
  CHECK(link("dgesdd_") == "LDX0604 `dgesdd_` goes by the name of LAPACK, which may not be linked");
  CHECK(link("idamax_") == "LDX0604 `idamax_` goes by the name of BLAS, which may not be linked");
  CHECK(link("dgesdd2_").starts_with("LDX1599 "));
  CHECK(first_title("unable to load shared object '/usr/lib/R/library/P/libs/P.so':\n"
                    "  /usr/lib/R/library/P/libs/P.so: undefined symbol: sgecon_\n") ==
        "LDX0604 `sgecon_` goes by the name of LAPACK, which may not be linked");
}

TEST_CASE("a helper that Zig's own run-time library lacks") {
  const Diagnosis found = diagnoses_of(
                              "ld.lld: error: undefined symbol: __cpu_model\n>>> referenced by targets.c\n"
                              ">>>               /home/u/.cache/zig/o/15708c62/targets.o:(foo.ifunc)\n")
                              .front();
  CHECK(found.title == "`__cpu_model` is not in Zig's compiler run-time library");
  CHECK(std::holds_alternative<Nothing>(found.finding));
}
