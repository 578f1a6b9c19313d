// What GCC 12 says of a file that it refuses, recorded under LANGUAGE=de, fr, sv, zh_CN, ru and ja; and
// Go 1.19's words.
#include <doctest/doctest.h>

#include "log_told.hpp"

using namespace linkdx::log;

namespace {

std::string said(const char* text) {
  std::string result;
  for (const ToolMessage& message : read("-", text).messages)
    result += std::to_string(static_cast<int>(message.kind)) + " " + message.subject +
              (message.error ? " error\n" : "\n");
  return result;
}

}  // namespace

TEST_CASE("GCC: a function of another target, in other languages") {
  const char* expected = "3 _mm256_add_epi32 error\n";
  CHECK(said("avx2intrin.h:119:1: Fehler: Inlining beim Aufruf von »_mm256_add_epi32« mit »always_inline« "
             "fehlgeschlagen: "
             "target specific option mismatch\n") == expected);
  CHECK(said("avx2intrin.h:119:1: erreur: la mise en ligne a échoué dans l'appel à « always_inline » « "
             "_mm256_add_epi32 »: "
             "target specific option mismatch\n") == expected);
  CHECK(said("avx2intrin.h:119:1: 错误：inlining failed in call to ‘always_inline’ ‘_mm256_add_epi32’: "
             "target specific option "
             "mismatch\n") == expected);
}

TEST_CASE("GCC: options and their values, in other languages") {
  CHECK(said("gcc: Fehler: unbekannte Kommandozeilenoption »-mavx512zz«; meinten Sie »-mavx512bw«?\n") ==
        "1 -mavx512zz error\n");
  CHECK(said("gcc: erreur: option « -mavx512zz » non reconnue sur la ligne de commande, aviez-vous "
             "l'intention d'utiliser « "
             "-mavx512bw » ?\n") == "1 -mavx512zz error\n");
  CHECK(said("gcc: fel: okänd kommandoradsflagga ”-mavx512zz”, menade du ”-mavx512bw”?\n") ==
        "1 -mavx512zz error\n");
  CHECK(said("cc1: Fehler: unbekannter Wert »native« für »-march«\n") == "0 -march=native error\n");
  CHECK(said("cc1: 错误：unknown value ‘native’ for ‘-march’\n") == "0 -march=native error\n");
}

TEST_CASE("GCC: names that it does not know, in other languages") {
  const char* expected = "7 __m1024i error\n";
  CHECK(said("t.c:1:1: 错误：未知的类型名‘__m1024i’\n") == expected);
  CHECK(said("t.c:1:1: ошибка: неизвестное имя типа «__m1024i»\n") == expected);
  CHECK(said("t.c:1:1: エラー: 不明な型名 ‘__m1024i’ です\n") == expected);
  CHECK(said("t.c:1:1: erreur: nom de type « __m1024i » inconnu\n") == expected);
}

TEST_CASE("Go: a function without a body, and an assembler that does not know the instruction") {
  Log log = read("-", "# example.com/clamp/simd\nsimd/sum.go:3:6: missing function body\n");
  REQUIRE(log.messages.size() == 1);
  CHECK(log.messages[0].kind == ToolMessage::Kind::MissingBody);
  CHECK(log.messages[0].source == "simd/sum.go");
  CHECK(
      told(
          "# example.com/clamp\nmain.main: relocation target example.com/clamp/simd.sumAVX2 not defined\n") ==
      "go-link \n  undefined example.com/clamp/simd.sumAVX2\n    - main.main - -\n");
  CHECK(said("simd/sum_amd64.s:3: unrecognized instruction \"VFOOBAR\"\nasm: assembly of simd/sum_amd64.s "
             "failed\n")
            .starts_with("2 VFOOBAR error"));
}
