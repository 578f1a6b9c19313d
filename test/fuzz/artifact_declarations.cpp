// Property notes, build attributes and bitcode's attribute groups from any bytes. The first byte picks the
// reader and the machine.
#include <cstdint>
#include <cstdlib>

#include "../../src/artifact/declarations.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linkdx::artifact;
  if (size == 0) return 0;
  const std::span<const std::uint8_t> bytes(data + 1, size - 1);
  Machine machine{.bits = (data[0] & 8) != 0 ? 64u : 32u, .big_endian = (data[0] & 16) != 0};
  Declarations result;
  switch (data[0] & 7) {
    case 0:
      machine.elf_machine = 62;
      read_gnu_properties(bytes, machine, result);
      break;
    case 1:
      machine.elf_machine = 183;
      read_gnu_properties(bytes, machine, result);
      break;
    case 2:
      machine.elf_machine = 40;
      read_build_attributes(bytes, ".ARM.attributes", machine, result);
      break;
    case 3:
      machine.elf_machine = 243;
      read_build_attributes(bytes, ".riscv.attributes", machine, result);
      break;
    default:
      result = bitcode_declarations({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
      break;
  }
  for (const Declaration& said : result.said)
    if (said.value.empty() || said.where.empty()) std::abort();
  return 0;
}
