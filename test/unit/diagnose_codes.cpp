// One log for each code that no real build in the scenarios shows: texts of loaders, of machines that are not
// at hand, and of compilers for them. They are written after the tools' sources, and the report's first line
// is what a user would read.
#include <doctest/doctest.h>

#include <string>

#include "linkdx/diagnose.hpp"

using namespace linkdx;
using namespace linkdx::diagnose;

namespace {

/// `CODE confidence: title` of each diagnosis.
std::string said(const std::string& text) {
  Question question;
  question.logs.push_back(log::read("build.log", text));
  std::unique_ptr<Investigation> found = investigate(std::move(question));
  constexpr const char* words[] = {"certain", "likely", "possible"};
  std::string all;
  for (const Case& facts : found->cases)
    for (const Diagnosis& diagnosis : diagnose::diagnose(facts))
      all += diagnosis.code + " " + words[static_cast<int>(diagnosis.confidence)] + ": " + diagnosis.title +
             "\n";
  return all;
}

}  // namespace

TEST_CASE("LDX0804: a shared library of another version, by the loader and by the linker") {
  CHECK(said("./prog: /usr/lib/libpq.so.5: version `RHPG_9.6' not found (required by ./prog)\n") ==
        "LDX0804 certain: `/usr/lib/libpq.so.5` does not have version `RHPG_9.6`, which `./prog` needs\n");
  CHECK(said("/usr/bin/ld: ./libclient.so: undefined reference to `tiff_open@LIBTIFF_4.0'\n"
             "collect2: error: ld returned 1 exit status\n") ==
        "LDX0804 likely: no library that was found has `tiff_open` with version `LIBTIFF_4.0`\n");
}

TEST_CASE("LDX0805: a plug-in for another version of its host") {
  CHECK(said("Error: The module '/app/build/Release/sum.node'\n"
             "was compiled against a different Node.js version using\n"
             "NODE_MODULE_VERSION 93. This version of Node.js requires\n"
             "NODE_MODULE_VERSION 108. Please try re-compiling or re-installing\n")
            .starts_with("LDX0805 certain: "));
  CHECK(
      said("ImportError: /app/sum.so: undefined symbol: PyUnicode_AsUTF8AndSize\n").starts_with("LDX0805 "));
}

TEST_CASE("LDX1401: a CPU level that the machine lacks") {
  CHECK(said("./prog: CPU ISA level is lower than required\n") ==
        "LDX1401 certain: `./prog` was built for a CPU level that this machine does not have\n");
  CHECK(said("Fatal glibc error: CPU does not support x86-64-v2\n").starts_with("LDX1401 certain: "));
}

TEST_CASE("LDX1402: an illegal instruction") {
  CHECK(said("Illegal instruction (core dumped)\n") ==
        "LDX1402 possible: a program stopped at an illegal instruction\n");
}

TEST_CASE("LDX1507: an entry point that somebody else calls") {
  CHECK(said("/usr/bin/ld: /usr/lib/x86_64-linux-gnu/Scrt1.o: in function `_start':\n"
             "(.text+0x17): undefined reference to `main'\n"
             "collect2: error: ld returned 1 exit status\n")
            .starts_with("LDX1507 "));
  CHECK(said("ld.lld: error: undefined symbol: LLVMFuzzerTestOneInput\n"
             ">>> referenced by FuzzerMain.cpp\n"
             ">>>               FuzzerMain.cpp.o:(main) in archive libclang_rt.fuzzer.a\n")
            .starts_with("LDX1507 "));
}

TEST_CASE("LDX1508: the loader refuses a library for a reason of its own") {
  CHECK(said("./prog: error while loading shared libraries: libx.so: cannot enable executable stack as "
             "shared object "
             "requires: Permission denied\n")
            .starts_with("LDX1508 "));
  CHECK(said("ImportError: /app/libgomp.so.1: cannot allocate memory in static TLS block\n")
            .starts_with("LDX1508 "));
}

TEST_CASE("LDX1509: out of reach") {
  CHECK(said("a.c:(.text+0x12): relocation truncated to fit: R_X86_64_PC32 against symbol `table' defined in "
             ".bss section "
             "in b.o\n"
             "collect2: error: ld returned 1 exit status\n")
            .starts_with("LDX1509 "));
}

TEST_CASE("LDX1510: a compiler for another machine, told by an option or a header that it cannot have") {
  CHECK(said("aarch64-linux-gnu-gcc: error: unrecognized command-line option '-msse4.1'\n") ==
        "LDX1510 likely: the compiler does not know `-msse4.1`\n");
  CHECK(said("src/sum.c:5:10: fatal error: immintrin.h: No such file or directory\n") ==
        "LDX1510 likely: the compiler has no `immintrin.h`, which compilers for x86 have\n");
  CHECK(said("src/sum.c:5:10: fatal error: 'arm_neon.h' file not found\n") ==
        "LDX1510 likely: the compiler has no `arm_neon.h`, which compilers for ARM have\n");
  CHECK(said("/usr/lib/clang/17/include/immintrin.h:14:2: error: \"This header is only meant to be used on "
             "x86 and x64 "
             "architecture\"\n") == "LDX1510 likely: `immintrin.h` is a header for another machine\n");
  CHECK(said("aarch64-linux-gnu-g++: error: unrecognized command-line option "
             "'-mno-avx256-split-unaligned-load'\n") ==
        "LDX1510 likely: the compiler does not know `-mno-avx256-split-unaligned-load`\n");
  // Any other header says nothing of machines.
  CHECK(said("src/sum.c:5:10: fatal error: zlib.h: No such file or directory\n").starts_with("LDX1514 "));
}

TEST_CASE("LDX0501: a header of intrinsics whose feature is off") {
  for (const char* words :
       {"/usr/lib/gcc-cross/arm-linux-gnueabihf/4.9/include/arm_neon.h:31:2: error: #error You must enable "
        "NEON instructions "
        "(e.g. -mfloat-abi=softfp -mfpu=neon) to use arm_neon.h\n",
        "/usr/lib/llvm-11/lib/clang/11.0.0/include/arm_sve.h:13:2: error: \"SVE support not enabled\"\n",
        "/opt/riscv/include/riscv_vector.h:36:2: error: #error \"Vector intrinsics require the vector "
        "extension.\"\n",
        "rvv.c:12:18: error: builtin requires at least one of the following extensions: 'Zve32x'\n"})
    CHECK_MESSAGE(said(words).starts_with("LDX0501 likely: "), words);
}

TEST_CASE("LDX0503: an assembler that knows the instruction and was told not to take it") {
  CHECK(said("/tmp/cc.s:12: Error: unrecognized opcode `vsetvli t0,a0,e8,m1,ta,ma', extension `v' or "
             "`zve64x' or `zve32x' "
             "required\n") ==
        "LDX0503 likely: the assembler was told not to accept `vsetvli t0,a0,e8,m1,ta,ma`\n");
  CHECK(said("crc32_armv8.S:20:2: error: instruction requires: crc\n") ==
        "LDX0503 likely: the assembler was told not to accept an instruction of `crc32_armv8.S`\n");
}

TEST_CASE("LDX0504: a kernel called where its declaration is switched off") {
  CHECK(said("src/mix.c(231,13): error C3861: 'mix_rows_sse2': identifier not found\n")
            .starts_with("LDX0504 likely: `mix_rows_sse2` is not declared where `"));
  CHECK(said("src/mix.cpp:31:5: error: 'mix_rows_avx2' was not declared in this scope\n") ==
        "LDX0504 likely: `mix_rows_avx2` is not declared where `mix.cpp` calls it\n");
  CHECK(said("src/mix.cpp:31:5: error: 'mix_rows' was not declared in this scope\n").starts_with("LDX1599 "));
}

TEST_CASE("LDX0806: thread-local in one file only") {
  CHECK(said("/usr/bin/ld: errno: TLS definition in /lib64/libc.so.6 section .tbss mismatches non-TLS "
             "reference in old.o\n"
             "/lib64/libc.so.6: could not read symbols: Bad value\n"
             "collect2: ld returned 1 exit status\n") ==
        "LDX0806 certain: `errno` is thread-local in one of `/lib64/libc.so.6` and `old.o` and not in the "
        "other\n");
}

TEST_CASE("LDX0604: the interface to which a name belongs, and whether the command names its library") {
  CHECK(said("gcc -o app main.o -lm\n"
             "/usr/bin/ld: main.o: in function `main':\n"
             "main.c:(.text+0x9): undefined reference to `ZSTD_compress'\n"
             "collect2: error: ld returned 1 exit status\n") ==
        "LDX0604 likely: `ZSTD_compress` goes by the name of zstd, which may not be linked\n");
  CHECK(said("/usr/bin/ld: main.o: in function `main':\n"
             "main.c:(.text+0x9): undefined reference to `ZSTD_compress'\n") ==
        "LDX0604 possible: `ZSTD_compress` goes by the name of zstd, which may not be linked\n");
  // A kernel inside such a library, and a part of it that the library itself asks for, are no missing
  // library.
  CHECK(said("/usr/bin/ld: main.o: in function `main':\n"
             "main.c:(.text+0x9): undefined reference to `ZSTD_count_avx2'\n")
            .starts_with("LDX0105 "));
  CHECK(said("/usr/bin/ld: libzstd.a(fast.o): in function `f':\n"
             "fast.c:(.text+0x9): undefined reference to `ZSTD_compressBlock_fast'\n")
            .starts_with("LDX0605 "));
}

TEST_CASE("LDX0105: a kernel of another machine than the one that is linked for") {
  CHECK(said("Undefined symbols for architecture x86_64:\n"
             "  \"rows::dotNEON(float const*, int)\", referenced from:\n"
             "      rows::choose() in choose.o\n"
             "ld: symbol(s) not found for architecture x86_64\n") ==
        "LDX0105 possible: the object with `rows::dotNEON(float const*, int)` was not built\n");
}

TEST_CASE("LDX0901: what the compiler's own run-time library and start files bring") {
  CHECK(said("/usr/bin/ld: a.o: undefined reference to symbol '__extendhfxf2@@GCC_12.0.0'\n"
             "/usr/bin/ld: /lib/libgcc_s.so.1: error adding symbols: DSO missing from command line\n")
            .starts_with("LDX0901 "));
  CHECK(said("a.c:(.text+0x12): undefined reference to `__truncsfhf2'\n").starts_with("LDX0901 "));
  CHECK(said("a.c:(.text+0x12): undefined reference to `__dso_handle'\n").starts_with("LDX0901 "));
}

TEST_CASE("LDX1511: the linker itself stopped") {
  CHECK(said("collect2: fatal error: ld terminated with signal 9 [Killed]\ncompilation terminated.\n") ==
        "LDX1511 likely: the linker was killed, as the kernel does when memory runs out\n");
  CHECK(said("/usr/bin/ld.gold: internal error in find_view, at ../../gold/fileread.cc:338\n"
             "collect2: error: ld returned 1 exit status\n") ==
        "LDX1511 possible: the linker stopped by an error inside itself\n");
}

TEST_CASE("LDX1512: ifunc where the C library has none") {
  CHECK(said("Error relocating /usr/bin/pack: unsupported relocation type 37\n") ==
        "LDX1512 likely: `/usr/bin/pack` needs ifunc, which this loader does not have\n");
  CHECK(said("Error relocating /usr/bin/pack: unsupported relocation type 99\n").starts_with("LDX1508 "));
  CHECK(said("rows.c:12:1: error: the call requires 'ifunc', which is not supported by this target\n") ==
        "LDX1512 likely: the target has no ifunc, which the source asks for\n");
}

TEST_CASE("LDX0807: a dispatcher of function multi-versioning") {
  CHECK(said("/usr/bin/ld: main.o: in function `main':\n"
             "main.c:(.text+0x9): undefined reference to `sum_rows.ifunc'\n") ==
        "LDX0807 likely: `sum_rows.ifunc` is a dispatcher of function multi-versioning, and no object has "
        "it\n");
}

TEST_CASE("LDX0808: a Rust symbol of another build") {
  CHECK(said("/usr/bin/ld: gain.o: in function `main':\n"
             "gain.rs:(.text+0x9): undefined reference to `gain::scale::h8a5cd9b6b0d2e7a1'\n") ==
        "LDX0808 possible: `gain::scale::h8a5cd9b6b0d2e7a1` is a symbol of one build of the crate `gain`, "
        "and the link has "
        "another or none\n");
}

TEST_CASE("LDX1103: into a discarded section") {
  CHECK(said("`.Ltable' referenced in section `.rodata' of a.o: defined in discarded section "
             "`.rodata._Z3sumv[_Z3sumv]' of b.o\n"
             "collect2: error: ld returned 1 exit status\n") ==
        "LDX1103 certain: `.Ltable` was discarded, and something still refers to it\n");
  CHECK(said("ld.lld: error: relocation refers to a discarded section: .text._Z3sumv\n>>> defined in b.o\n"
             ">>> referenced by a.cpp\n>>>               a.o:(.rodata+0x8)\n") ==
        "LDX1103 certain: `.text._Z3sumv` was discarded, and something still refers to it\n");
}

TEST_CASE("LDX1513: a compiler that is not there") {
  CHECK(said("  error occurred: Failed to find tool. Is `aarch64-linux-gnu-gcc` installed?\n") ==
        "LDX1513 likely: the build calls the compiler `aarch64-linux-gnu-gcc`, which is not there\n");
}

TEST_CASE("LDX1101: the archiver says which object it cannot read") {
  CHECK(said("ar: rows.o: plugin needed to handle lto object\n")
            .starts_with("LDX1101 certain: `rows.o` holds intermediate code"));
}

TEST_CASE("LDX1104: the bounds of a section that is not there") {
  CHECK(said("ld.lld: error: undefined symbol: __stop_plugins\n>>> referenced by a.c\n>>>               "
             "a.o:(main)\n\n"
             "ld.lld: error: undefined symbol: __start_plugins\n>>> referenced by a.c\n>>>               "
             "a.o:(main)\n") ==
        "LDX1104 likely: no section `plugins` is in the link, whose bounds `__stop_plugins` and "
        "`__start_plugins` are\n");
}

TEST_CASE("LDX1513: a linker that is not there, and the one that the command chose") {
  CHECK(said("collect2: fatal error: cannot find 'ld'\ncompilation terminated.\n") ==
        "LDX1513 likely: the linker `ld` is not there\n");
  CHECK(
      said(
          "gcc -fuse-ld=mold a.o -o a\ncollect2: fatal error: cannot find ‘ld’\ncompilation terminated.\n") ==
      "LDX1513 likely: the linker `mold` is not there\n");
  CHECK(said("clang: error: invalid linker name in argument '-fuse-ld=lld'\n") ==
        "LDX1513 likely: the linker `lld` is not there\n");
}

TEST_CASE("LDX0204: what the linker is too old for") {
  CHECK(said("/usr/bin/ld: crt1.o: unrecognized relocation (0x2a) in section `.text'\n"
             "/usr/bin/ld: final link failed: Bad value\ncollect2: error: ld returned 1 exit status\n") ==
        "LDX0204 likely: the linker does not know the relocation 0x2a in `crt1.o`\n");
  CHECK(said("/usr/bin/ld: /lib/libc.so.6: unknown type [0x13] section `.relr.dyn'\n"
             "collect2: error: ld returned 1 exit status\n") ==
        "LDX0204 likely: the linker does not know the section type 0x13 in `/lib/libc.so.6`\n");
  CHECK(said("ld.lld: error: crtbeginS.o:(.text+0x0): unknown relocation (102) against symbol f\n")
            .starts_with("LDX0204 likely: the linker does not know the relocation 102 in `crtbeginS.o"));
}

TEST_CASE("LDX1515: an option of a CPU that compilers dropped") {
  CHECK(
      said("c++: error: unrecognized command-line option ‘-mno-avx512pf’; did you mean ‘-mno-avx512f’?\n") ==
      "LDX1515 likely: newer compilers no longer have `-mno-avx512pf`\n");
}

TEST_CASE("LDX0403: assembly for x86-64 in a 32-bit build") {
  CHECK(said("sum.s: Assembler messages:\nsum.s:56: Error: bad register name `%rdi)'\n") ==
        "LDX0403 likely: `sum.s` is for x86-64, and is assembled for 32-bit x86\n");
  CHECK(said("sum.s: Assembler messages:\nsum.s:56: Error: bad register name `%zmm17'\n")
            .starts_with("LDX0201 likely: "));
}

TEST_CASE("LDX1510: an intrinsic of x86-64 in a 32-bit build") {
  const std::string error =
      "rows.c:9:24: error: implicit declaration of function '_mm256_extract_epi64' "
      "[-Wimplicit-function-declaration]\n";
  CHECK(said(error) == "LDX1510 possible: `_mm256_extract_epi64` is declared for x86-64 only\n");
  CHECK(said("gcc -m32 -mavx2 -c rows.c -o rows.o\n" + error) ==
        "LDX1510 likely: `_mm256_extract_epi64` is declared for x86-64 only\n");
}

TEST_CASE("LDX1302: an intrinsic that every compiler for x86 declares") {
  const std::string error = "main.cpp:15:9: error: '_mm_add_ps' was not declared in this scope\n";
  CHECK(said(error) == "LDX1302 likely: no header that declares `_mm_add_ps` is included\n");
  CHECK(said("b.cpp:3:1: error: use of undeclared identifier '__m128i'\n") ==
        "LDX1302 likely: no header that declares `__m128i` is included\n");
  CHECK(said("aarch64-linux-gnu-g++ -O2 -c main.cpp -o main.o\n" + error) ==
        "LDX1510 likely: `_mm_add_ps` is an intrinsic for x86, and this build is for `aarch64-linux-gnu`\n");
  // Later than the CPU feature, or for a later one: the compiler may well be too old.
  CHECK(said("main.cpp:15:9: error: '_mm256_set_m128i' was not declared in this scope\n")
            .starts_with("LDX0203 likely: "));
  CHECK(said("main.cpp:15:9: error: '_mm512_add_ps' was not declared in this scope\n")
            .starts_with("LDX0203 likely: "));
}

TEST_CASE("Microsoft's compiler in other languages: the number and the name") {
  const std::string title = "LDX0203 likely: the compiler does not know `_mm512_popcnt_epi32`\n";
  for (std::string_view words : {"C3861: '_mm512_popcnt_epi32': identifier not found",
                                 "C3861: _mm512_popcnt_epi32: идентификатор не найден",
                                 "C3861: \"_mm512_popcnt_epi32\": идентификатор не найден",
                                 "C3861: “_mm512_popcnt_epi32”: 找不到标识符",
                                 "C2065: '_mm512_popcnt_epi32': nichtdeklarierter Bezeichner"})
    CHECK(said("main.cpp(15): error " + std::string(words) + "\n") == title);
}

TEST_CASE("LDX1516: a private name of Go's runtime") {
  CHECK(said("# example.com/fast\nexample.com/fast.decode: relocation target runtime.support_avx2 not "
             "defined\n") == "LDX1516 likely: this release of Go has no `runtime.support_avx2`\n");
  CHECK(
      said(
          "# example.com/fast\nexample.com/fast.decode: relocation target example.com/fast.sum not defined\n")
          .starts_with("LDX0107 likely: "));
}

TEST_CASE("LDX0901: functions that save registers, in a library or made by a linker") {
  CHECK(said("ld: main.o: in function `main':\nmain.c:(.text+0x1c): undefined reference to "
             "`__riscv_save_0'\n") == "LDX0901 likely: `__riscv_save_0` is in libgcc, which is not linked\n");
  CHECK(said("ld.lld: error: undefined symbol: _restfpr_29\n>>> referenced by a.c\n>>>               "
             "a.o:(main)\n") == "LDX0901 possible: `_restfpr_29` is made by GNU ld, and not by lld\n");
  CHECK(said("ld.lld: error: undefined symbol: _restgpr0_29\n>>> referenced by a.c\n>>>               "
             "a.o:(main)\n")
            .starts_with("LDX0901 likely: `_restgpr0_29` is in libgcc"));
}

TEST_CASE("LDX1501: relocations against sections name the object, and no symbol") {
  CHECK(said("/usr/bin/ld: libcodec.a(rows.o): relocation R_X86_64_32 against `.rodata' can not be used when "
             "making a PIE object; recompile with -fPIC\ncollect2: error: ld returned 1 exit status\n") ==
        "LDX1501 likely: an object was not compiled for a position-independent output\n");
  CHECK(said("java.lang.UnsatisfiedLinkError: dlopen failed: libwave.so: has text relocations\n") ==
        "LDX1501 likely: an object was not compiled for a position-independent output\n");
}

TEST_CASE("LDX0109, LDX0601: what a compiler's driver does not find") {
  CHECK(said("gcc main.o kernels/avx2.o -o main\ngcc: error: kernels/avx2.o: No such file or directory\n") ==
        "LDX0109 likely: `avx2.o` was not made\n");
  CHECK(said("i686-linux-android-gcc: error: libavfilter/x86/*.o: No such file or directory\n") ==
        "LDX0109 likely: `libavfilter/x86/*.o` was not made\n");
  CHECK(said("clang: error: no such file or directory: '../lib/libfoo.a'\n") ==
        "LDX0601 likely: `../lib/libfoo.a` was not found\n");
  CHECK(said("gcc: error: rows.c: No such file or directory\n").find("LDX0109") == std::string::npos);
}

TEST_CASE("LDX0105: no mark in its own name, and one in the name of the function that asks") {
  CHECK(said("/usr/bin/ld: libcrypto.a(hw.o): in function `sum_rows_avx2':\n"
             "hw.c:(.text+0x194): undefined reference to `sum_tail'\n"
             "collect2: error: ld returned 1 exit status\n") ==
        "LDX0105 possible: the object with `sum_tail` was not built\n");
}

TEST_CASE("a library that lacks a part of itself is not missing") {
  CHECK(said("/usr/bin/ld: libz.so.1.2.11: undefined reference to `inflateReset'\n"
             "collect2: error: ld returned 1 exit status\n")
            .find("LDX0604") == std::string::npos);
}

TEST_CASE("code spans of a page end no name") {
  CHECK(
      said("`ld.lld: error: undefined symbol: android_getCpuFamily`\n")
          .starts_with("LDX0604 possible: `android_getCpuFamily` goes by the name of the NDK's cpufeatures"));
}

TEST_CASE("a missing feature that every x86-64 CPU has: the fix's words are those for 32 bits") {
  CHECK(
      said(
          "cc -march=i686 -c rows.c -o rows.o\nrows.c:36:16: error: always_inline function '_mm_cvtss_f32' "
          "requires target feature 'sse', but would be inlined into function 'rows' that is compiled without "
          "support for 'sse'\n") ==
      "LDX0501 likely: `_mm_cvtss_f32` is used in a function that is not compiled for its CPU features\n");
}

TEST_CASE("a file of another machine is not one of another ABI too") {
  CHECK(said("riscv32-unknown-elf-ld: cpu.o: ABI is incompatible with that of the selected emulation:\n"
             "  target emulation `elf32-littleriscv' does not match `elf64-littleriscv'\n"
             "riscv32-unknown-elf-ld: failed to merge target specific data of file cpu.o\n") ==
        "LDX0401 certain: `cpu.o` is not for this target\n");
}

TEST_CASE("LDX0604: functions of the program that will load the module") {
  CHECK(said("Undefined symbols for architecture arm64:\n  \"_PyErr_SetString\", referenced from:\n      "
             "_rows in rows.o\n"
             "ld: symbol(s) not found for architecture arm64\n") ==
        "LDX0604 possible: `_PyErr_SetString` is a function of Python, which the link does not have\n");
  CHECK(said("cc -shared -Wl,-z,defs rows.o -o rows.so\n/usr/bin/ld: rows.o: in function `PyInit_rows':\n"
             "rows.c:(.text+0x5): undefined reference to `PyModule_Create2'\ncollect2: error: ld returned 1 "
             "exit status\n") ==
        "LDX0604 likely: `PyModule_Create2` is a function of Python, which the link does not have\n");
  CHECK(
      said(
          "/usr/bin/ld: a.o: in function `main':\na.c:(.text+0x5): undefined reference to `Python::start()'\n"
          "collect2: error: ld returned 1 exit status\n")
          .starts_with("LDX1599 "));
}

TEST_CASE("LDX0204: RISC-V's architecture strings; what follows from them is no ABI fault") {
  CHECK(said("riscv64-linux-gnu-ld: -march=rv64i2p0_m2p0_v1p0_zve32f1p0: unsupported ISA subset `z'\n"
             "riscv64-linux-gnu-ld: failed to merge target specific data of file rows.o\n") ==
        "LDX0204 likely: the linker does not know the architecture string rv64i2p0_m2p0_v1p0_zve32f1p0 in "
        "`rows.o`\n");
}

TEST_CASE("LDX1001: the C++ library of a newer Visual Studio, one diagnosis for all its functions") {
  CHECK(said("rows.lib(rows.obj) : error LNK2001: unresolved external symbol __std_find_trivial_8\n"
             "rows.lib(rows.obj) : error LNK2001: unresolved external symbol __std_min_element_4\n"
             "app.exe : fatal error LNK1120: 2 unresolved externals\n") ==
        "LDX1001 likely: `__std_find_trivial_8` and `__std_min_element_4` need the C++ library of a newer "
        "Visual "
        "Studio\n");
  CHECK(said("rows.lib(rows.obj) : error LNK2019: ????????? ___std_reverse_trivially_swappable_1,?? _f\n")
            .starts_with("LDX1001 likely: `___std_reverse_trivially_swappable_1` needs "));
}

TEST_CASE("LDX0802: imports of the C run-time library") {
  CHECK(said("file.lib(file.obj) : error LNK2019: unresolved external symbol __imp_feof referenced in "
             "function read_all\n") ==
        "LDX0802 likely: `file.lib(file.obj)` was compiled for the C run-time library as a DLL, and the link "
        "has the "
        "static one\n");
}

TEST_CASE("LDX0203: headers and types that came with a feature") {
  CHECK(said("rows.c:3:10: fatal error: riscv_vector.h: No such file or directory\n") ==
        "LDX0203 likely: the compiler has no `riscv_vector.h`\n");
  CHECK(said("rows.c:9:13: error: unknown type name 'vfloat32m1_t'\n") ==
        "LDX0203 likely: the compiler does not know `vfloat32m1_t`\n");
}

TEST_CASE(
    "LDX0401: rustc's own objects show that the linker is wrong; others in a crate, its build script's "
    "compiler") {
  CHECK(
      said("  = note: /usr/bin/ld: "
           "/w/target/aarch64-unknown-linux-gnu/release/deps/rows-68f8.rows.47b2-cgu.0.rcgu.o: "
           "Relocations in generic ELF (EM: 183)\n"
           "          /usr/bin/ld: "
           "/w/target/aarch64-unknown-linux-gnu/release/deps/rows-68f8.rows.47b2-cgu.0.rcgu.o: error "
           "adding symbols: file in wrong format\n          collect2: error: ld returned 1 exit status\n") ==
      "LDX0401 likely: the linker is for another machine than `rows-68f8.rows.47b2-cgu.0.rcgu.o`, which "
      "rustc made\n");
  CHECK(said("  = note: ld: error: /w/target/aarch64-linux-android/debug/deps/librows_sys-9d5b.rlib(rows.o) "
             "is incompatible "
             "with aarch64linux\n") ==
        "LDX0401 likely: `/w/target/aarch64-linux-android/debug/deps/librows_sys-9d5b.rlib` is not for this "
        "target\n");
}

TEST_CASE("LDX0901: checked functions under MinGW") {
  CHECK(
      said(
          "x86_64-w64-mingw32/bin/ld.exe: rows.o:rows.c:(.text+0x80): undefined reference to `__memcpy_chk'\n"
          "collect2.exe: error: ld returned 1 exit status\n") ==
      "LDX0901 likely: `__memcpy_chk` is in libssp, which is not linked\n");
}

TEST_CASE("Solaris: a table of names and files") {
  CHECK(said("Undefined\t\t\tfirst referenced\n symbol  \t\t\t    in file\n"
             "sum_rows_avx2                       ./libsum.a(sum.o)\nsum::rows(int, char)               "
             "./libsum.a(sum.o)\n"
             "ld: fatal: Symbol referencing errors. No output written to apps/sum\n")
            .find("`sum_rows_avx2`") != std::string::npos);
  CHECK(said("ld: fatal: library -lgrid: not found\nld: fatal: File processing errors. No output written to "
             "a\n") == "LDX0601 likely: `-lgrid` was not found\n");
}

TEST_CASE("LDX0901: a hidden helper that the linker found in libgcc.a") {
  CHECK(said("/usr/bin/ld: a.out: hidden symbol `__sfp_handle_exceptions' in "
             "/usr/lib/gcc/x86_64-linux-gnu/9/libgcc.a"
             "(sfp-exceptions.o) is referenced by DSO\n/usr/bin/ld: final link failed: bad value\n") ==
        "LDX0901 likely: a shared library of this link refers to `__sfp_handle_exceptions`, and was linked "
        "without "
        "libgcc.a\n");
}

TEST_CASE("LDX0802: of the two files of GNU ld's line about VFP the next line names the input") {
  const std::string text = said(
      "/usr/bin/ld: error: librows.so.2 uses VFP register arguments, rows.ltrans0.o does not\n"
      "/usr/bin/ld: failed to merge target specific data of file rows.ltrans0.o\n");
  CHECK(text == "LDX0802 certain: `rows.ltrans0.o` was compiled for another ABI than the output\n");
}

TEST_CASE("assemblers' older words") {
  CHECK(said("{standard input}:983:no such instruction: `vpaddd %zmm0, %zmm1,%zmm1'\n") ==
        "LDX0201 likely: the assembler does not know `vpaddd %zmm0, %zmm1,%zmm1`\n");
  CHECK(said("rows.asm:1: error: Unrecognized register name `%zmm0'\n")
            .starts_with("LDX0302 likely: the assembler takes the register `%zmm0` for a symbol"));
}
