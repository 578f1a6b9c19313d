// Any text as a source file, any name looked for in it.
#include <cstdint>
#include <string>

#include "../../src/diagnose/sources.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  std::size_t split = text.find('\n');
  std::string name = text.substr(0, split);
  std::string rest = split == std::string::npos ? "" : text.substr(split + 1);
  linkdx::diagnose::definition_in("file", rest, name, false);
  linkdx::diagnose::definition_in("file", rest, name, true);
  linkdx::diagnose::plain_function_name(name);
  return 0;
}
