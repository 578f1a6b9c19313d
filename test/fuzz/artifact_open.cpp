// Any bytes as a file: opened, and everything asked of it.

#include <cstddef>
#include <cstdint>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "linkdx/artifact.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int memory = memfd_create("input", 0);
  if (memory < 0 || write(memory, data, size) != static_cast<ssize_t>(size)) return 0;
  using namespace linkdx::artifact;
  llvm::Expected<std::unique_ptr<File>> file = open("/proc/self/fd/" + std::to_string(memory));
  if (file) {
    for (const auto& object : (*file)->objects()) {
      for (const Symbol& symbol : object->symbols())
        if (symbol.index % 16 == 0) object->uses(symbol.index);
      object->local_symbols();
      object->functions();
      object->sections();
      object->comdats();
      object->producers();
      object->declarations();
      object->visit_relocations([](const Relocation&) {});
      object->source_file();
      describe(object->machine());
    }
  } else {
    llvm::consumeError(file.takeError());
  }
  close(memory);
  return 0;
}
