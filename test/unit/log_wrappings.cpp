// One undefined reference in the wrappings of build tools, packagers and CI systems. The last column of the
// table is what they print around the linker's two lines; each was seen in a public log of that tool or taken
// from its source.
#include <doctest/doctest.h>

#include <string>

#include "log_told.hpp"

using namespace linkdx::log;

namespace {

struct Wrapping {
  const char *tool, *before, *after;  ///< `before` stands in front of each line
};
constexpr Wrapping kWrappings[] = {
    {"Docker BuildKit", "#12 3.456 ", ""},
    {"GitHub Actions", "2024-01-02T03:04:05.1234567Z ", ""},
    {"GitHub's log as text, with job and step", "build\tRun make\t2024-01-02T03:04:05.1234567Z ", ""},
    {"GitLab with streams", "2024-01-02T03:04:05.123456Z 01O ", ""},
    {"GitLab, continued line", "2024-01-02T03:04:05.123456Z 01E+", ""},
    {"Jenkins", "[2024-01-02T03:04:05.123Z] ", ""},
    {"Jenkins, time only", "03:04:05 ", ""},
    {"Azure", "2024-01-02T03:04:05.1234567Z ##[error]", ""},
    {"nix", "       > ", ""},
    {"spack", "  >> 13    ", ""},
    {"Yocto", "| ", ""},
    {"Open Build Service", "[   63s] ", ""},
    {"Fedora's mock", "BUILDSTDERR: ", ""},
    {"npm", "npm ERR! ", ""},
    {"Maven", "[INFO] [stderr] ", ""},
    {"Visual Studio Code", "[build] ", ""},
    {"Gradle", "C/C++: ", ""},
    {"a page that numbers lines", " 503 | ", ""},
    {"a mail", "> > ", ""},
    {"MSBuild", "1>", ""},
    {"colours", "\x1b[1m\x1b[31m", "\x1b[0m"},
};

}  // namespace

TEST_CASE("a reference is the same in every wrapping") {
  for (const Wrapping& wrapping : kWrappings) {
    std::string tool = wrapping.tool;
    CAPTURE(tool);
    std::string before = wrapping.before, after = std::string(wrapping.after) + "\n";
    CHECK(told(before + "/usr/bin/ld: main.o: in function `main':" + after + before +
               "main.c:(.text+0xe): undefined reference to `sum_avx2'" + after + before +
               "collect2: error: ld returned 1 exit status" + after) ==
          "gnu-ld /usr/bin/ld\n  undefined sum_avx2\n    main.o main main.c .text+0xe\n");
  }
}

TEST_CASE("lld's lines are told in every wrapping") {
  for (const Wrapping& wrapping : kWrappings) {
    // spack marks only the lines that it takes for errors, and a mail's marks look like lld's own.
    if (std::string_view(wrapping.tool) == "spack" || std::string_view(wrapping.tool) == "a mail") continue;
    std::string tool = wrapping.tool;
    CAPTURE(tool);
    std::string before = wrapping.before, after = std::string(wrapping.after) + "\n";
    CHECK(told(before + "ld.lld: error: undefined symbol: sum_avx2" + after + before +
               ">>> referenced by main.c:3" + after + before + ">>>               main.o:(main)" + after) ==
          "lld ld.lld\n  undefined sum_avx2\n    main.o main main.c 3\n");
  }
}

TEST_CASE("a compiler's echo of the source is not read, however it is numbered") {
  CHECK(told("  503 |   puts(\"undefined symbol: x\");\n      |   ^~~~\n").empty());
}

TEST_CASE("a paste that was cut in the middle of words at its own width") {
  CHECK(told("/home/me/toolchain/bin/../lib/gcc/x86_64-conda-linux-gnu/7.5.0/../../../x86\n"
             "_64-conda-linux-gnu/bin/ld: /home/me/toolchain/lib/libstdc++.so: undefined ref\n"
             "erence to `aligned_alloc@GLIBC_2.16'\n") ==
        "gnu-ld _64-conda-linux-gnu/bin/ld\n  undefined aligned_alloc@GLIBC_2.16 version GLIBC_2.16\n"
        "    /home/me/toolchain/lib/libstdc++.so - - -\n");
}
