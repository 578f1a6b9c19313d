// What WebAssembly needs: function bodies as the code section has them, a size and as many bytes.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "linkdx/isa.hpp"

using namespace linkdx::isa;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// One body without local variables around the instructions.
std::string wasm(Bytes instructions) {
  instructions.insert(instructions.begin(), 0);
  instructions.push_back(0x0b);  // end
  instructions.insert(instructions.begin(), static_cast<std::uint8_t>(instructions.size()));
  const CodeNeeds code = from_code(Arch::Wasm, instructions);
  std::string text;
  for (const std::string& name : code.features.names()) text += (text.empty() ? "" : " ") + name;
  if (code.undecoded > 0) text += " (" + std::to_string(code.undecoded) + " bytes undecoded)";
  return text;
}

}  // namespace

TEST_CASE("WebAssembly: features by instruction") {
  CHECK(wasm({0x20, 0x00, 0x20, 0x01, 0x6a}) == "");               // local.get 0, local.get 1, i32.add
  CHECK(wasm({0x20, 0x00, 0xc0}) == "sign-ext");                   // i32.extend8_s
  CHECK(wasm({0x20, 0x00, 0xfc, 0x00}) == "nontrapping-fptoint");  // i32.trunc_sat_f32_s
  CHECK(wasm({0xfc, 0x0a, 0x00, 0x00}) == "bulk-memory");          // memory.copy
  CHECK(wasm({0xfd, 0xae, 0x01}) == "simd128");                    // i32x4.add
  CHECK(wasm({0xfd, 0x80, 0x02}) == "relaxed-simd");               // i8x16.relaxed_swizzle
  CHECK(wasm({0xfe, 0x10, 0x02, 0x00}) == "atomics");              // i32.atomic.load
  CHECK(wasm({0x12, 0x07}) == "tail-call");                        // return_call 7
  CHECK(wasm({0x06, 0x40, 0x19, 0x0b}) == "exception-handling");   // try, catch_all, end
  CHECK(wasm({0x02, 0x03, 0x0b}) == "multivalue");                 // block (type 3), end
  CHECK(wasm({0xd2, 0x00}) == "reference-types");                  // ref.func 0
  CHECK(wasm({0x28, 0x42, 0x01, 0x00}) == "multimemory");          // i32.load from memory 1
}

TEST_CASE("WebAssembly: operands are stepped over, whatever bytes they have") {
  CHECK(wasm({0x41, 0xfd, 0x80, 0x02}) == "");                                // i32.const 32893
  CHECK(wasm({0x44, 0xfd, 0xfd, 0xfd, 0xfd, 0xfd, 0xfd, 0xfd, 0xfd}) == "");  // f64.const
  CHECK(wasm({0xfd, 0x0c, 0xc0, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}) == "simd128");  // v128.const
  CHECK(wasm({0x0e, 0x02, 0xc0, 0x00, 0x01, 0x02}) == "");  // br_table of two labels and one more
  CHECK(wasm({0x10, 0x80, 0x80, 0x80, 0x80, 0x00}) == "");  // call 0, as objects pad it
}

TEST_CASE("WebAssembly: a local variable of 128 bits needs vectors") {
  const Bytes body = {0x04, 0x01, 0x01, 0x7b, 0x0b};
  CHECK(from_code(Arch::Wasm, body).features.names() == std::vector<std::string>{"simd128"});
}

TEST_CASE("WebAssembly: behind an unknown opcode the body is not read, the next one is") {
  const Bytes bodies = {0x05, 0x00, 0xff, 0xc0, 0xc0, 0x0b, 0x04, 0x00, 0xfc, 0x00, 0x0b};
  const CodeNeeds needs = from_code(Arch::Wasm, bodies);
  CHECK(needs.features.names() == std::vector<std::string>{"nontrapping-fptoint"});
  CHECK(needs.undecoded == 4);
  REQUIRE(needs.witnesses.size() == 1);
  CHECK(needs.witnesses[0].offset == 8);
  CHECK(needs.witnesses[0].disassembly == "i32.trunc_sat_f32_s");
}

TEST_CASE("WebAssembly: a size that is cut off") {
  CHECK(from_code(Arch::Wasm, Bytes{0x80}).undecoded == 1);
  CHECK(from_code(Arch::Wasm, Bytes{0x0e, 0x18}).features.names() ==
        std::vector<std::string>{});  // 24 kinds of local variables, and none there
  CHECK(from_code(Arch::Wasm, Bytes{0x7f, 0x00, 0xc0}).features.names() ==
        std::vector<std::string>{"sign-ext"});
}
