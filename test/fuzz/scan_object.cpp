// Any bytes as a file: scanned whole, with calls, dispatch and what it declares.

#include <cstddef>
#include <cstdint>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "linkdx/scan.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linkdx;
  const int memory = memfd_create("input", 0);
  if (memory < 0 || write(memory, data, size) != static_cast<ssize_t>(size)) return 0;
  if (llvm::Expected<std::unique_ptr<artifact::File>> file =
          artifact::open("/proc/self/fd/" + std::to_string(memory))) {
    std::vector<const artifact::Object*> objects;
    for (const auto& object : (*file)->objects())
      if (isa::supported(isa::arch_of_name(object->machine().arch))) objects.push_back(object.get());
    std::vector<scan::ScannedObject> scanned = scan::decode(objects, 1);
    scan::find_dispatch(scanned);
    scan::needs_of_file(scanned);
    for (const scan::ScannedObject& object : scanned) {
      scan::declared_by(object, object.features);
      for (const scan::ScannedCode& code : object.code)
        for (const std::string& feature : code.with_calls.names()) scan::bringer_of(object, code, feature);
    }
  } else {
    llvm::consumeError(file.takeError());
  }
  close(memory);
  return 0;
}
