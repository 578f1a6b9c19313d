// WebAssembly objects and modules, whole and broken.
#include <doctest/doctest.h>

#include "artifact_inputs.hpp"
#include "linkdx/artifact.hpp"

using namespace linkdx;
using namespace linkdx::artifact;
using linkdx::test::Scratch;

namespace {

constexpr const char* triple = "wasm32-unknown-unknown";
constexpr const char* source = R"(
  .functype missing (i32) -> (i32)
  .globl caller
caller:
  .functype caller (i32) -> (i32)
  local.get 0
  call missing
  end_function
  .weak weak_one
weak_one:
  .functype weak_one () -> ()
  end_function
  .section .custom_section.target_features,"",@
  .int8 2
  .int8 43
  .int8 7
  .ascii "simd128"
  .int8 45
  .int8 7
  .ascii "atomics"
)";

const Symbol* find(const Object& object, std::string_view name) {
  for (const Symbol& symbol : object.symbols())
    if (symbol.name == name) return &symbol;
  return nullptr;
}

}  // namespace

TEST_CASE("a WebAssembly object gives symbols, functions and uses") {
  Scratch scratch;
  auto file = cantFail(open(scratch.assemble("object.o", source, triple)));
  CHECK(file->kind() == Kind::Wasm);
  CHECK(file->problems().empty());
  REQUIRE(file->objects().size() == 1);
  const Object& object = *file->objects().front();
  CHECK(object.machine().arch == "wasm32");
  const Symbol* missing = find(object, "missing");
  REQUIRE(missing != nullptr);
  CHECK(missing->state == State::Undefined);
  CHECK(missing->type == SymbolType::Function);
  REQUIRE(find(object, "weak_one") != nullptr);
  CHECK(find(object, "weak_one")->binding == Binding::Weak);
  CHECK(find(object, "caller")->state == State::Defined);
  const std::vector<Function> functions = object.functions();
  REQUIRE(functions.size() == 2);
  CHECK(functions[0].name == "caller");
  CHECK(functions[0].bytes[0] == functions[0].bytes.size() - 1);  // its size stands before it
  CHECK(functions[1].address == functions[0].bytes.size());
  const std::vector<Use> uses = object.uses(missing->index);
  REQUIRE(uses.size() == 1);
  CHECK(uses[0].section_name == "CODE");
  CHECK(uses[0].function == "caller");
}

TEST_CASE("a WebAssembly object says which features it was compiled for") {
  Scratch scratch;
  auto file = cantFail(open(scratch.assemble("object.o", source, triple)));
  const Declarations declarations = file->objects().front()->declarations();
  REQUIRE(declarations.said.size() == 1);
  CHECK(declarations.said[0].where == "target_features");
  CHECK(declarations.said[0].features == std::vector<std::string>{"+simd128", "-atomics"});
}

TEST_CASE("a function that nothing names is called by its number") {
  Scratch scratch;
  const std::string module(
      "\0asm\1\0\0\0"
      "\1\4\1\x60\0\0"
      "\3\2\1\0"
      "\x0a\4\1\2\0\x0b",
      24);  // one type, one function, its body
  auto file = cantFail(open(scratch.write("module.wasm", module)));
  const std::vector<Function> functions = file->objects().front()->functions();
  REQUIRE(functions.size() == 1);
  CHECK(functions[0].name == "function 0");
  CHECK(functions[0].bytes.size() == 3);
}

TEST_CASE("a cut WebAssembly object keeps what stands before the cut and says where it is") {
  Scratch scratch;
  const std::string whole = linkdx::test::read_file(scratch.assemble("object.o", source, triple));
  for (std::size_t size = 8; size < whole.size(); ++size) {
    auto file = cantFail(open(scratch.write("cut.o", whole.substr(0, size))));
    for (const std::unique_ptr<Object>& object : file->objects()) {
      object->functions();
      for (const Symbol& symbol : object->symbols()) object->uses(symbol.index);
    }
  }
  auto file = cantFail(open(scratch.write("cut.o", whole.substr(0, 20))));
  REQUIRE(file->problems().size() == 1);
  CHECK(file->problems()[0].reason.find("lies outside the file") != std::string::npos);
}
