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
  CHECK(first("/usr/bin/ld: main.o: in function `main':\nmain.c:(.text+0x5): undefined reference to `scale_rows_avx512'\n") == "kernel-object-not-built likely");
}

TEST_CASE("unmarked symbols missing from the same object lower it") {
  CHECK(first("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `plain_table'\na.c:(.text+0x9): undefined reference to `sum_rows_sse2'\n")
            .ends_with("possible"));
}

TEST_CASE("a plain missing function is not called a kernel") {
  CHECK(first("/usr/bin/ld: main.o: in function `main':\nmain.c:(.text+0x5): undefined reference to `frobnicate'\n") == "other possible");
}

TEST_CASE("helpers are known by their written interface") {
  CHECK(first("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `__mulodi4'\n") == "runtime-library-missing likely");
  CHECK(first("ld.lld: error: undefined symbol: __aarch64_ldadd4_relax\n>>> referenced by a.c\n>>>               a.o:(f)\n") == "runtime-library-missing likely");
  CHECK(first("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `__atomic_load_16'\n") == "missing-library likely");
  CHECK(first("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `__isoc23_strtol'\n") == "libc-version-mismatch likely");
  CHECK(first("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `cosf'\n") == "missing-library likely");
}

TEST_CASE("a known library that the command names before its last objects is an order fault") {
  CHECK(first("gcc -static -lm main.o -o main\n/usr/bin/ld: main.o: in function `main':\nmain.c:(.text+0x5): undefined reference to `cos'\n") == "library-order likely");
}

TEST_CASE("a library that is not found: the log shows that, and not why") {
  CHECK(first("/usr/bin/ld: cannot find -lgrid: No such file or directory\ncollect2: error: ld returned 1 exit status\n") == "missing-library likely");
}

TEST_CASE("two definitions are certain: the linker saw both") {
  CHECK(first("/usr/bin/ld: b.o: in function `f':\nb.c:(.text+0x0): multiple definition of `f'; a.o:a.c:(.text+0x0): first defined here\n") == "duplicate-definition certain");
}

TEST_CASE("an object for another machine") {
  CHECK(first("ld.lld: error: kernel.o is incompatible with elf64-x86-64\n").starts_with("wrong-arch-object"));
}

TEST_CASE("an intrinsic that became a call") {
  CHECK(first("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `_mm512_reduce_add_epi32'\n") == "intrinsic-as-function likely");
}

TEST_CASE("a log without a failure has no case") {
  CHECK(diagnoses_of("[1/2] Building C object a.o\n[2/2] Linking C executable a\n").empty());
  CHECK(diagnoses_of("").empty());
}

TEST_CASE("every code has one row, and rules use only codes that have one") {
  for (const RuleInfo& rule : rules()) {
    CHECK(rule.code.size() == 7);
    CHECK(std::count_if(rules().begin(), rules().end(), [&](const RuleInfo& other) { return other.code == rule.code; }) == 1);
    CHECK(!rule.page.empty());
  }
  for (const Diagnosis& diagnosis : diagnoses_of("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `g_avx2'\n"))
    CHECK(std::any_of(rules().begin(), rules().end(), [&](const RuleInfo& rule) { return rule.code == diagnosis.code; }));
}

TEST_CASE("what is not certain names the evidence that is missing") {
  for (const char* name : {"frobnicate", "rows_avx2", "__mulodi4", "vtable for Shape", "x.llvm.123"})
    for (const Diagnosis& diagnosis : diagnoses_of(std::string("ld: a.o: in function `f':\na.c:(.text+0x5): undefined reference to `") + name + "'\n"))
      if (diagnosis.confidence != Confidence::Certain) CHECK_MESSAGE(!diagnosis.missing_evidence.empty(), name);
}
