// CMakeCache.txt, the old configure logs, and what the generators write.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../../src/build/cmake_files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  linkdx::build::read_cmake_cache(text, "CMakeCache.txt");
  linkdx::build::read_cmake_log(text, "CMakeError.log");
  linkdx::build::read_link_txt(text, "link.txt");
  // The first half is one file, the second half the other.
  std::string_view first = text.substr(0, size / 2), second = text.substr(size / 2);
  linkdx::build::read_build_make(first, second, "build.make");
  linkdx::build::read_build_ninja(first, second, "build.ninja");
  return 0;
}
