// Any bytes as a symbol name, and as two names of which the family is compared.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "linkdx/isa.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linkdx::isa;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  for (Arch arch : {Arch::Unknown, Arch::X86_64, Arch::X86, Arch::AArch64, Arch::Arm})
    if (auto hint = from_name(text, arch)) {
      (void)recommended_level(hint->features);
      (void)flags_for(hint->features, Tool::Gcc);
    }
  std::string_view first = text.substr(0, text.find('\n'));
  std::string_view second = text.substr(first.size() < text.size() ? first.size() + 1 : text.size());
  if (same_family(first, second) != same_family(second, first)) std::abort();
  return 0;
}
