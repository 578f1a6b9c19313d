// Any lines as the arguments of a compile command.
#include <cstdint>
#include <string>
#include <vector>

#include "linkdx/isa.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linkdx::isa;
  std::vector<std::string> arguments(1);
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] == '\n')
      arguments.emplace_back();
    else
      arguments.back() += static_cast<char>(data[i]);
  }
  for (Arch arch : {Arch::Unknown, Arch::X86_64, Arch::X86, Arch::AArch64}) {
    FlagEffect effect = features_of_flags(arguments, arch);
    for (Tool tool : {Tool::Gcc, Tool::Clang, Tool::Rustc}) (void)flags_for(effect.features, tool);
  }
  return 0;
}
