// CMakeConfigureLog.yaml.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../../src/build/cmake_files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<linkdx::Skipped> problems;
  linkdx::build::read_cmake_configure_log({reinterpret_cast<const char*>(data), size}, "log.yaml", problems);
  return 0;
}
