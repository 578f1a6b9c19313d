// Any text as a linker script and as a response file.

#include <cstddef>
#include <cstdint>

#include "../../src/artifact/script.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  linkdx::artifact::read_script(text);
  linkdx::artifact::split_response(text);
  return 0;
}
