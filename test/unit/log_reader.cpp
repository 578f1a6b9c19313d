// What the reader makes of what linkers say. The texts of GNU ld 2.40, gold 1.16, lld 14 and 19, mold 1.10,
// GCC 12, clang 19 and NASM follow what these print for small inputs, shortened. Those of Apple's,
// Microsoft's and Go's linkers, of musl's loader, of translated GNU ld and of what wraps a log are written by
// hand from the tools' sources and manuals.
#include <doctest/doctest.h>

#include <string>

#include "grammar.hpp"
#include "linkdx/log.hpp"
#include "log_told.hpp"
#include "prefilter.hpp"

using namespace linkdx::log;

TEST_CASE("every pattern holds a word that the prefilter looks for") {
  for (std::string_view pattern : Grammar::instance().unreachable()) FAIL_CHECK(pattern);
}

TEST_CASE("GNU ld: objects, functions and sections of undefined references") {
  CHECK(told(R"(/usr/bin/ld.bfd: main.o: in function `helper':
main.c:(.text+0x12): undefined reference to `foo_avx512'
/usr/bin/ld.bfd: main.c:(.text+0x1e): undefined reference to `foo_avx2'
/usr/bin/ld.bfd: main.o: in function `main':
main.c:(.text+0x4c): undefined reference to `foo_avx512'
collect2: error: ld returned 1 exit status
)") == R"(gnu-ld /usr/bin/ld.bfd
  undefined foo_avx512
    main.o helper main.c .text+0x12
    main.o main main.c .text+0x4c
  undefined foo_avx2
    main.o helper main.c .text+0x1e
)");
}

TEST_CASE("GNU ld: source lines, archive members and more references that follow") {
  CHECK(told(R"(/usr/bin/ld.bfd: ./liblib.a(lib.o): in function `member':
/src/lib.c:2: undefined reference to `gone'
/usr/bin/ld.bfd: manyg.o:/src/many.c:2: more undefined references to `gone' follow
)") == R"(gnu-ld /usr/bin/ld.bfd
  undefined gone and more
    ./liblib.a(lib.o) member /src/lib.c 2
)");
}

TEST_CASE("GNU ld before 2.34: the heading stands without the linker's name") {
  CHECK(told("main.o: In function `helper':\nmain.c:(.text+0x12): undefined reference to `foo'\n") ==
        "gnu-ld \n  undefined foo\n    main.o helper main.c .text+0x12\n");
}

TEST_CASE("GNU ld: duplicates keep the first definition first") {
  CHECK(told(R"(/usr/bin/ld.bfd: dup.o: in function `helper':
dup.c:(.text+0xb): multiple definition of `helper'; main.o:main.c:(.text+0x0): first defined here
)") == R"(gnu-ld /usr/bin/ld.bfd
  duplicate helper
    main.o - main.c .text+0x0
    dup.o helper dup.c .text+0xb
)");
}

TEST_CASE("GNU ld: files of the wrong machine and libraries that are not there") {
  CHECK(told(R"(/usr/bin/ld.bfd: skipping incompatible inc/liblib.a when searching for -llib
/usr/bin/ld.bfd: cannot find -llib: No such file or directory
/usr/bin/ld.bfd: liba64.o: error adding symbols: file in wrong format
/usr/bin/ld.bfd: cannot find nofile.o: No such file or directory
/usr/bin/ld.bfd: error: trunc.o: file too short
/usr/bin/ld.bfd:text.o: file format not recognized; treating as linker script
/usr/bin/ld.bfd:text.o:0: syntax error
)") == R"(gnu-ld /usr/bin/ld.bfd
  skipped | inc/liblib.a | lib
  library not found | lib
  wrong format | liba64.o
  file not found | nofile.o
  malformed | trunc.o
  wrong format | text.o
  other: /usr/bin/ld.bfd:text.o:0: syntax error
)");
}

TEST_CASE("GNU ld: hidden symbols and relocations") {
  CHECK(told(R"(/usr/bin/ld.bfd: hid.o: in function `main':
hid.c:(.text+0x5): undefined reference to `hv'
/usr/bin/ld.bfd: a.out: hidden symbol `hv' isn't defined
/usr/bin/ld.bfd: abs.o: relocation R_X86_64_32 against undefined symbol `data' can not be used when making a PIE object; recompile with -fPIE
)") == R"(gnu-ld /usr/bin/ld.bfd
  undefined hidden hv
    hid.o main hid.c .text+0x5
  relocation data
    abs.o - - -
)");
}

TEST_CASE("GNU ld in other languages says the same") {
  const char* expected = R"(gnu-ld /usr/bin/ld
  undefined foo_avx512
    main.o helper main.c .text+0x12
  duplicate main
    main.o - main.c .text+0x2a
    main.o helper dup.c .text+0x0
  library not found | nope
)";
  CHECK(told("/usr/bin/ld\u00a0: main.o\u00a0: dans la fonction «\u00a0helper\u00a0»\u00a0:\n"
             "main.c:(.text+0x12)\u00a0: référence indéfinie vers «\u00a0foo_avx512\u00a0»\n"
             "dup.c:(.text+0x0)\u00a0: définitions multiples de «\u00a0main\u00a0»; "
             "main.o:main.c:(.text+0x2a)\u00a0: défini pour la première fois ici\n"
             "/usr/bin/ld\u00a0: ne peut pas trouver -lnope\u00a0: Aucun fichier ou dossier de ce type\n") ==
        expected);
  CHECK(told("/usr/bin/ld: main.o: в функции «helper»:\n"
             "main.c:(.text+0x12): неопределённая ссылка на «foo_avx512»\n"
             "dup.c:(.text+0x0): повторное определение «main»; main.o:main.c:(.text+0x2a): здесь первое "
             "определение\n"
             "/usr/bin/ld: невозможно найти -lnope: Нет такого файла или каталога\n") == expected);
  CHECK(told("/usr/bin/ld: main.o: en la función `helper':\n"
             "main.c:(.text+0x12): referencia a `foo_avx512' sin definir\n"
             "dup.c:(.text+0x0): definiciones múltiples de `main'; main.o:main.c:(.text+0x2a): primero se "
             "definió aquí\n"
             "/usr/bin/ld: no se puede encontrar -lnope: No existe el fichero o el directorio\n") ==
        expected);
}

TEST_CASE("a language without a table is told by the structure of the line") {
  CHECK(told("main.c:(.text+0x12): Nicht definierter Verweis auf »foo«\n/usr/bin/ld: x.c:(.text+0x1): "
             "niezdefiniowane odwołanie do „bar”\n") ==
        "gnu-ld /usr/bin/ld\n  undefined foo\n    - - main.c .text+0x12\n  undefined bar\n    - - x.c "
        ".text+0x1\n");
}

TEST_CASE("gold: functions, sources and definitions") {
  CHECK(told(R"(/usr/bin/ld.gold: error: dup.o: multiple definition of 'helper'
/usr/bin/ld.gold: main.o: previous definition here
main.o:main.c:function helper: error: undefined reference to 'foo_avx512'
/src/main.c:2: error: undefined reference to 'foo_avx2'
/usr/bin/ld.gold: error: empty.o: file is empty
/usr/bin/ld.gold: fatal error: inc/liblib.a(liba64.o): unsupported ELF machine number 183
collect2: error: ld returned 1 exit status
)") == R"(gold /usr/bin/ld.gold
  duplicate helper
    main.o - - -
    dup.o - - -
  undefined foo_avx512
    main.o helper main.c -
  undefined foo_avx2
    - - /src/main.c 2
  malformed | empty.o
  incompatible | inc/liblib.a(liba64.o) | 183
)");
}

TEST_CASE("lld: references, counts, archives, suggestions and duplicates") {
  CHECK(told(R"(ld.lld: error: undefined symbol: foo
>>> referenced by many.c:2 (/src/many.c:2)
>>>               manyg.o:(a)
>>> referenced by lib.c
>>>               lib.o:(member) in archive ./liblib.a
>>> referenced 9 more times
>>> did you mean: fob
>>> defined in: libx.so

ld.lld: error: duplicate symbol: helper
>>> defined at main.c
>>>            main.o:(helper)
>>> defined at dup.c
>>>            dup.o:(.text+0xB)
ld.lld: error: undefined hidden symbol: hv
ld.lld: error: libso.so: undefined reference to gone [--no-allow-shlib-undefined]
ld.lld: error: liba64.o is incompatible with elf64-x86-64
ld.lld: error: unable to find library -lnope
)") == R"(lld ld.lld
  undefined foo in libx.so or fob and 9 more
    manyg.o a /src/many.c 2
    ./liblib.a(lib.o) member lib.c -
  duplicate helper
    main.o helper main.c -
    dup.o - dup.c .text+0xB
  undefined hidden hv
  undefined gone
    libso.so - - -
  incompatible | liba64.o | elf64-x86-64
  library not found | nope
)");
}

TEST_CASE("mold 1 writes several references to a line") {
  CHECK(told(R"(mold: error: undefined symbol: foo_avx512
>>> referenced by main.c
>>>               main.o:(helper)>>> referenced by main.c
>>>               main.o:(main)
mold: error: duplicate symbol: dup.o: main.o: helper
mold: fatal: liba64.o: incompatible file type: x86_64 is expected but got arm64
mold: fatal: library not found: nope
)") == R"(mold mold
  undefined foo_avx512
    main.o helper main.c -
    main.o main main.c -
  duplicate helper
    main.o - - -
    dup.o - - -
  incompatible | liba64.o | x86_64 | arm64
  library not found | nope
)");
}

TEST_CASE("Apple's linker: names under a heading") {
  CHECK(told(R"x(Undefined symbols for architecture arm64:
  "ns::f(float const*)", referenced from:
      ns::g(int) in libx.a(y.o)
  "_bare", referenced from:
      _main in main.o
ld: symbol(s) not found for architecture arm64
)x") == R"(ld64 ld
  undefined ns::f(float const*)
    libx.a(y.o) ns::g(int) - -
  undefined _bare
    main.o _main - -
)");
}

TEST_CASE("loader: the object that lacks the symbol, and its version") {
  CHECK(told("./app: symbol lookup error: /usr/lib/libx.so.16: undefined symbol: gone, version V_1\n"
             "OSError: ./libso.so: undefined symbol: gone\n") ==
        "loader \n  undefined at run time gone version V_1\n    /usr/lib/libx.so.16 - - -\n"
        "loader \n  undefined at run time gone\n    ./libso.so - - -\n");
}

TEST_CASE("rustc: the command, its abridgement, the target and the crate") {
  Log log = read("-", R"(   Compiling app v0.1.0 (/w)
error: linking with `cc` failed: exit status: 1
  |
  = note:  "cc" "-m64" "/w/target/x86_64-unknown-linux-gnu/debug/deps/symbols.o" "<8 object files omitted>" "-o" "/w/target/debug/deps/app"
  = note: some arguments are omitted. use `--verbose` to show all linker arguments
  = note: rust-lld: error: undefined symbol: sum_avx512
          >>> referenced by main.rs:2 (src/main.rs:2)
          >>>               /w/target/debug/deps/app.rcgu.o:(app::main::haae9bfaca91c09ec)
          collect2: error: ld returned 1 exit status
          

warning: app@0.1.0: Skipping kernel build
error: could not compile `app` (bin "app") due to 1 previous error
)");
  CHECK(told(log) == R"(lld rust-lld
  undefined sum_avx512
    /w/target/debug/deps/app.rcgu.o app::main::haae9bfaca91c09ec src/main.rs 2
)");
  REQUIRE(log.failures.size() == 1);
  CHECK(log.failures[0].unit == "app");
  CHECK(log.failures[0].output == "/w/target/debug/deps/app");
  CHECK(log.failures[0].target == "x86_64-unknown-linux-gnu");
  REQUIRE(log.failures[0].command);
  CHECK(log.failures[0].command->abridged);
  REQUIRE(log.messages.size() == 1);
  CHECK(log.messages[0].kind == ToolMessage::Kind::BuildScriptWarning);
  CHECK(log.messages[0].subject == "app");
  CHECK(log.messages[0].message == "Skipping kernel build");
}

TEST_CASE("cargo --message-format=json: the rendered text is read") {
  std::string line =
      "{\"reason\":\"compiler-message\",\"message\":{\"rendered\":\"error: linking with `cc` failed: exit "
      "status: 1\\n"
      "  = note: rust-lld: error: undefined symbol: sum_avx512\\n"
      "          >>> referenced by main.rs:2 (src/main.rs:2)\\n\"}}";
  CHECK(told(line) == "lld rust-lld\n  undefined sum_avx512\n    - - src/main.rs 2\n");
}

TEST_CASE("wrappings are taken off: Docker, time stamps, colours, quoting, CRLF") {
  const char* expected = "gnu-ld /usr/bin/ld\n  undefined foo\n    libx.so - - -\n";
  for (const char* line :
       {"#12 3.456 /usr/bin/ld: libx.so: undefined reference to `foo'\r\n",
        "2024-01-02T03:04:05.1234567Z /usr/bin/ld: libx.so: undefined reference to `foo'\n",
        "[19:02:42] /usr/bin/ld: libx.so: undefined reference to `foo'\n",
        "\x1b[1m/usr/bin/ld: \x1b[mlibx.so: undefined reference to `foo'\x1b[0m\n",
        "> /usr/bin/ld: libx.so: undefined reference to `foo'\n",
        "#   | /usr/bin/ld: libx.so: undefined reference to `foo'"})
    CHECK(told(line) == expected);
}

TEST_CASE("interleaved Docker steps are kept apart") {
  CHECK(told("#8 1.0 a.o: In function `f':\n#9 1.0 b.o: In function `g':\n#8 1.1 a.c:(.text+0x1): undefined "
             "reference to `x'\n"
             "#9 1.1 b.c:(.text+0x2): undefined reference to `y'\n") ==
        "gnu-ld \n  undefined x\n    a.o f a.c .text+0x1\ngnu-ld \n  undefined y\n    b.o g b.c .text+0x2\n");
}

TEST_CASE("a message that was wrapped is put together") {
  CHECK(told("/usr/lib/libx.so:\n undefined reference to `f'\n") ==
        "gnu-ld \n  undefined f\n    /usr/lib/libx.so - - -\n");
  CHECK(told("real-ld: error: a.out uses VFP register arguments,\n/usr/lib/libg.a(lib_a.o) does not.\n") ==
        "gnu-ld real-ld\n  abi mismatch | a.out | /usr/lib/libg.a(lib_a.o)\n");
  CHECK(told("drivers/x.a(y.o):\n(.bss+0x4): multiple definition of `era';\ndrivers/z.a(w.o):\n(.bss+0x0): "
             "first defined here\n") ==
        "gnu-ld \n  duplicate era\n    drivers/z.a(w.o) - - .bss+0x0\n    drivers/x.a(y.o) - - .bss+0x4\n");
}

TEST_CASE("several failures of one log are told apart") {
  Log log = read("-", R"([1/2] Linking C executable app
FAILED: app
: && /usr/bin/cc   main.o -o app   && :
/usr/bin/ld: main.c:(.text+0x12): undefined reference to `foo'
collect2: error: ld returned 1 exit status
[2/2] Linking C executable tool
FAILED: tool
: && /usr/bin/aarch64-linux-gnu-gcc   tool.o -o tool   && :
/usr/bin/ld: tool.c:(.text+0x12): undefined reference to `foo'
collect2: error: ld returned 1 exit status
ninja: build stopped: subcommand failed.
)");
  REQUIRE(log.failures.size() == 2);
  CHECK(log.failures[0].unit == "app");
  CHECK(log.failures[1].unit == "tool");
  CHECK(log.failures[1].target == "aarch64-linux-gnu");
  CHECK(log.failures[1].target_source == "aarch64-linux-gnu-gcc");
  CHECK(log.failures[1].command->arguments ==
        std::vector<std::string>{"/usr/bin/aarch64-linux-gnu-gcc", "tool.o", "-o", "tool"});
}

TEST_CASE("compilers and assemblers: what they refused") {
  Log log = read("-", R"(cc1: error: bad value ‘native’ for ‘-march=’ switch
gcc: error: unrecognized command-line option ‘-mfoo512’
bad.s:1: Error: no such instruction: `vfoobar %zmm0,%zmm1'
/usr/include/avx512fintrin.h:6357:1: error: inlining failed in call to ‘always_inline’ ‘_mm512_storeu_ps’: target specific option mismatch
k.c:2:27: error: always_inline function '_mm512_loadu_ps' requires target feature 'avx512f', but would be inlined
n.asm:2: error: undefined symbol `zmm33' (first use)
sh: 1: nasm: not found
h.c:1:10: fatal error: nope.h: No such file or directory
imp.c:1:20: warning: implicit declaration of function ‘_mm512_foo’ [-Wimplicit-function-declaration]
-- Performing Test HAVE_AVX512 - Failed
)");
  std::string told;
  for (const ToolMessage& message : log.messages)
    told += std::to_string(static_cast<int>(message.kind)) + " " + message.subject + "\n";
  CHECK(told ==
        "0 -march=native\n1 -mfoo512\n2 vfoobar %zmm0,%zmm1\n3 _mm512_storeu_ps\n3 _mm512_loadu_ps\n6 "
        "zmm33\n4 nasm\n"
        "5 nope.h\n7 _mm512_foo\n8 HAVE_AVX512\n");
  CHECK(log.failures.empty());
}

TEST_CASE("the size of the pieces does not change the result") {
  std::string text =
      "/usr/lib/libx.so:\n undefined reference to `f'\nnoise\n\nmain.o: In function `g':\nm.c:(.text+0x1): "
      "undefined reference to `h'\n";
  std::string whole = told(text);
  for (std::size_t size = 1; size < text.size(); ++size) {
    Reader reader("-");
    for (std::size_t at = 0; at < text.size(); at += size)
      reader.feed(std::string_view(text).substr(at, size));
    CHECK(told(reader.finish()) == whole);
  }
}

TEST_CASE("bad input: empty, binary, one endless line") {
  CHECK(read("-", "").failures.empty());
  Log binary = read("-", std::string("\0\1\2\xff\n/usr/bin/ld: x.so: undefined reference to `f'\n", 52));
  CHECK(binary.failures.size() == 1);
  REQUIRE(binary.problems.size() == 1);
  CHECK(binary.problems[0].reason == "holds binary data; what is text in it was read");
  Reader reader("-");
  std::string piece(1 << 20, '`');
  for (int i = 0; i < 8; ++i) reader.feed(piece);
  reader.feed("\n/usr/bin/ld: x.so: undefined reference to `f'\n");
  Log log = reader.finish();
  CHECK(told(log) == "gnu-ld /usr/bin/ld\n  undefined f\n    x.so - - -\n");
  REQUIRE(log.problems.size() == 1);
  CHECK(log.problems[0].reason == "line 1 is longer than 1 MiB; only its beginning was read");
}

TEST_CASE("commands are split as a shell does") {
  CHECK(split_command("cc \"a b\" 'c\"d' e\\ f -DX=\\\"1\\\" \"unclosed x") ==
        std::vector<std::string>{"cc", "a b", "c\"d", "e f", "-DX=\"1\"", "unclosed x"});
}

TEST_CASE("any style of quotation marks and any words: the form of the place is enough") {
  CHECK(told("/usr/bin/ld: main.o: in Funktion »main«:\n/src/main.c:3: nicht definierter Verweis auf »foo«\n"
             "collect2: Fehler: ld gab 1 als Ende-Status zurück\n") ==
        "gnu-ld /usr/bin/ld\n  undefined foo\n    main.o main /src/main.c 3\n");
  CHECK(told("main.c:(.text+0x12): words of some language 'foo'\n") ==
        "gnu-ld \n  undefined foo\n    - - main.c .text+0x12\n");
  CHECK(
      told(
          "/usr/bin/ld: m.c:(.text+0x1): Warnung: the `gets' function is dangerous and should not be used.\n")
          .empty());
  CHECK(told("m.c:(.text+0x1): warning: the use of `tmpnam' is dangerous, better use `mkstemp'\n").empty());
}

TEST_CASE("a symbol that an assembler does not know is not the linker's") {
  for (const char* line :
       {"x.asm:136: error: undefined symbol `zmm25' (first use)\n",
        "src\\x.asm:9: error: symbol `zmm25' not defined\n", "x.S:3: error: undefined symbol: zmm25\n"}) {
    Log log = read("-", line);
    CHECK(log.failures.empty());
    REQUIRE(log.messages.size() == 1);
    CHECK(log.messages[0].kind == ToolMessage::Kind::UndefinedInAssembly);
    CHECK(log.messages[0].subject == "zmm25");
    CHECK(log.messages[0].error);
    CHECK(log.messages[0].source_line > 0);
  }
  CHECK(told("x.S:12: undefined reference to `foo'\n") == "gnu-ld \n  undefined foo\n    - - x.S 12\n");
}

TEST_CASE("ninja's command that was wrapped is one command") {
  Log log = read("-",
                 "FAILED: bin/app\n: && /usr/bin/ccache\n/usr/bin/g++ -O2 -Wall\n-o\nbin/app a.o -lrt "
                 "libx.a\n-lrt -pthread && :\n"
                 "/usr/bin/ld:\nlibx.a(y.o):\nundefined reference to symbol 'shm_open@@GLIBC_2.2.5'\n");
  CHECK(
      told(log) ==
      "gnu-ld /usr/bin/ld\n  dso missing shm_open@@GLIBC_2.2.5 version GLIBC_2.2.5\n    libx.a(y.o) - - -\n");
  REQUIRE(log.failures.size() == 1);
  REQUIRE(log.failures[0].command);
  CHECK(log.failures[0].command->arguments == std::vector<std::string>{"/usr/bin/g++", "-O2", "-Wall", "-o",
                                                                       "bin/app", "a.o", "-lrt", "libx.a",
                                                                       "-lrt", "-pthread"});
  CHECK(log.failures[0].output == "bin/app");
  CHECK(log.failures[0].unit == "bin/app");
}

TEST_CASE("tools that are not there") {
  auto missing = [](const char* text) {
    std::string found;
    for (const ToolMessage& message : read("-", text).messages)
      if (message.kind == ToolMessage::Kind::ToolMissing) found += message.subject + "\n";
    return found;
  };
  CHECK(
      missing("CMake Error at CMakeLists.txt:2 (project):\n  No CMAKE_ASM_NASM_COMPILER could be found.\n") ==
      "nasm\n");
  CHECK(missing("  The CMAKE_C_COMPILER:\n\n    arm-linux-gnueabihf-gcc\n\n  is not a full path and was not "
                "found in the PATH.\n") == "arm-linux-gnueabihf-gcc\n");
  CHECK(missing("warning: rav1e@0.6.6: nasm: No such file or directory (os error 2)\n") == "nasm\n");
  CHECK(missing("error: couldn't read src/x.rs: No such file or directory (os error 2)\n").empty());
  CHECK(missing("collect2: fatal error: cannot find 'ld'\n") == "ld\n");
}

TEST_CASE("BuildKit's summary at the end is no second failure") {
  CHECK(told("#9 [4/4] RUN make\n#9 1.20 /usr/bin/ld: a.o: undefined reference to `f'\n#9 ERROR: exit code: "
             "1\n------\n > [4/4] RUN make:\n"
             "1.20 /usr/bin/ld: a.o: undefined reference to `f'\n------\n") ==
        "gnu-ld /usr/bin/ld\n  undefined f\n    a.o - - -\n");
}

TEST_CASE("a failure, a warning and a command that come again are kept once and counted") {
  std::string once =
      "cc -c -O2 -DSOME_LONG_DEFINITION=1 -DANOTHER_LONG_DEFINITION=2 -I/usr/local/include/somewhere -o "
      "build/objects/a.o source/a.c\n"
      "-- Performing Test HAVE_AVX512 - Failed\n"
      "/usr/bin/ld: a.o: undefined reference to `f'\ncollect2: error: ld returned 1 exit status\n";
  Reader reader("-");
  for (int i = 0; i < 5000; ++i) reader.feed(once);
  Log log = reader.finish();
  REQUIRE(log.failures.size() == 1);
  CHECK(log.failures[0].repeated == 4999);
  REQUIRE(log.messages.size() == 1);
  CHECK(log.messages[0].repeated == 4999);
  REQUIRE(log.commands.size() == 1);
  CHECK(log.commands[0].repeated == 4999);
  CHECK(log.problems.empty());
}

TEST_CASE("after any number of compile commands the failure is still found") {
  Reader reader("-");
  for (int i = 0; i < 40000; ++i)
    reader.feed("cc -c -o build/" + std::to_string(i) + ".o source/" + std::to_string(i) +
                ".c -O2 -Wall -Wextra -fPIC -I/usr/include/something/long/enough\n");
  reader.feed("cc -o app main.o\n/usr/bin/ld: main.o: undefined reference to `f'\n");
  Log log = reader.finish();
  REQUIRE(log.failures.size() == 1);
  REQUIRE(log.failures[0].command);
  CHECK(log.failures[0].output == "app");
  CHECK(log.problems.size() == 1);
}

TEST_CASE("hostile lines of a megabyte cost no more than their length") {
  for (const char* word :
       {"`", "'", "«", "»a", "(", ":", "-", "undefined reference to `", "ld: ", ">>> referenced by x", "a()",
        "{\"rendered\":[", "error LNK2019: \"", "nasm \"", "\": \" nasm"}) {
    std::string line;
    while (line.size() < (1u << 20)) line += word;
    CHECK(read("-", line + "\n/usr/bin/ld: x.so: undefined reference to `f'\n").failures.size() >= 1);
  }
}

TEST_CASE("a message quoted in a sentence") {
  CHECK(told("I get ImportError: /usr/lib/x.so: undefined symbol: _ZN3fooEv when importing it.\n") ==
        "loader \n  undefined at run time _ZN3fooEv\n    /usr/lib/x.so - - -\n");
}
