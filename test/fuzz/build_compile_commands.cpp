// compile_commands.json, and JSON in general.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../../src/build/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<linkdx::Skipped> problems;
  linkdx::build::read_compile_commands(text, "compile_commands.json", problems);
  linkdx::build::parse_json(text, "x.json", problems);
  return 0;
}
