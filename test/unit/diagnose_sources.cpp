#include <doctest/doctest.h>

#include "sources.hpp"

using namespace linkdx::diagnose;

namespace {

/// Line of the definition, 0 if there is none.
std::uint64_t line_of_definition(const std::string& text, std::string_view name, bool assembly = false) {
  std::optional<SourceDefinition> found = definition_in("file", text, name, assembly);
  return found ? found->line : 0;
}

}  // namespace

TEST_CASE("a function with a body is a definition") {
  CHECK(line_of_definition("int f(int x) {\n  return x;\n}\n", "f") == 1);
  CHECK(line_of_definition("static void\nf(const char* a,\n  int b)\n{\n}\n", "f") == 2);
  CHECK(line_of_definition("__attribute__((target(\"avx2\")))\nvoid f(void) { }\n", "f") == 2);
  CHECK(line_of_definition("int f(int) __attribute__((noinline)) { return 0; }\n", "f") == 1);
  CHECK(line_of_definition("namespace a {\nint f() {\n return 1; }\n}\n", "f") == 2);
}

TEST_CASE("a declaration, a call and a mention are none") {
  CHECK(line_of_definition("int f(int x);\n", "f") == 0);
  CHECK(line_of_definition("int g(void) {\n  return f(1);\n}\n", "f") == 0);
  CHECK(line_of_definition("int g(void) {\n  if (f(1)) {\n  }\n}\n", "f") == 0);
  CHECK(line_of_definition("// int f(int x) { return x; }\n", "f") == 0);
  CHECK(line_of_definition("/* f(x) { */ int g;\n", "f") == 0);
  CHECK(line_of_definition("const char* s = \"f(x) {\";\n", "f") == 0);
  CHECK(line_of_definition("int of(int x) { return x; }\nint f2(int x) { return x; }\n", "f") == 0);
}

TEST_CASE("a qualified definition is one of its own class only") {
  const std::string text = "void Counter::add(int x) {\n}\nvoid Table<int>::get() {\n}\n";
  auto line = [&](std::string_view name, std::string_view scope) {
    std::optional<SourceDefinition> found = definition_in("file", text, name, false, scope);
    return found ? found->line : 0;
  };
  CHECK(line("add", "Counter") == 1);
  CHECK(line("add", "LongWords") == 0);
  CHECK(line("add", "") == 0);  // a C function of that name
  CHECK(line("get", "Table") == 3);
  CHECK(scope_of_function("_ZN4text9LongWords3addEi") == "LongWords");
  CHECK(scope_of_function("ns::Table<int>::get(int (*)(char))") == "Table");
  CHECK(scope_of_function("add") == "");
}

TEST_CASE("a variable with an initialiser is a definition") {
  CHECK(line_of_definition("const int table[] = {1, 2};\n", "table") == 1);
  CHECK(line_of_definition("int limit = 3;\n", "limit") == 1);
  CHECK(line_of_definition("extern const int table[];\n", "table") == 0);
}

TEST_CASE("the condition around a definition is told, the include guard is not") {
  std::optional<SourceDefinition> found =
      definition_in("k.c", "#ifndef K_H\n#ifdef __AVX2__\nvoid k(void) { }\n#endif\n#endif\n", "k", false);
  REQUIRE(found);
  CHECK(found->guard == "ifdef __AVX2__");
  CHECK(found->guard_line == 2);
  found = definition_in("k.h", "#ifndef K_H\n#define K_H\nvoid k(void) { }\n#endif\n", "k", false);
  REQUIRE(found);
  CHECK(found->guard == "");
  found = definition_in("k.c", "#if defined(__SSE2__)\n#else\nvoid k(void) { }\n#endif\n", "k", false);
  REQUIRE(found);
  CHECK(found->guard == "else of if defined(__SSE2__)");
}

TEST_CASE("assembly defines by label or by the macros that make functions") {
  CHECK(line_of_definition(".globl f\nf:\n  ret\n", "f", true) == 2);
  CHECK(line_of_definition(".globl _f\n_f:\n  ret\n", "f", true) == 2);
  CHECK(line_of_definition("cglobal f, 2, 3\n", "f", true) == 1);
  CHECK(line_of_definition("  call f\n", "f", true) == 0);
  CHECK(line_of_definition("global f\n", "f", true) == 0);
}

TEST_CASE("the plain name is what sources call the function") {
  CHECK(plain_function_name("f") == "f");
  CHECK(plain_function_name("_ZN4tree11leaf_weightEi") == "leaf_weight");
  CHECK(plain_function_name("tree::leaf_weight(int)") == "leaf_weight");
  CHECK(plain_function_name("clock_gettime@@GLIBC_2.17") == "clock_gettime");
}
