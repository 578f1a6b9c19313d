// Any bytes as a symbol name, demangled and compared.

#include <cstddef>
#include <cstdint>

#include "../../src/link/mangling.hpp"
#include "linkdx/link.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t half = text.find('\n');
  const auto a = linkdx::link::take_apart(text.substr(0, half));
  const auto b =
      linkdx::link::take_apart(half == std::string_view::npos ? std::string_view() : text.substr(half + 1));
  linkdx::link::other_mangling(a, b);
  return 0;
}
