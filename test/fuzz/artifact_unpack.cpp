// Any bytes as a package or tarball: all of it unpacked, as a bundle is.

#include <cstddef>
#include <cstdint>

#include "linkdx/unpack.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  linkdx::artifact::first_in_package(bytes);
  linkdx::artifact::unpack(bytes);
  return 0;
}
