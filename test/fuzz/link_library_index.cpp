// Any bytes as the cache of library names: believed or not, and never read outside.

#include <cstddef>
#include <cstdint>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "library_index.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int memory = memfd_create("cache", 0);
  if (memory < 0 || write(memory, data, size) != static_cast<ssize_t>(size)) return 0;
  const std::string path = "/proc/self/fd/" + std::to_string(memory);
  linkdx::link::LibraryIndex index = linkdx::link::LibraryIndex::load(path);
  index.find("x", {});
  close(memory);
  return 0;
}
