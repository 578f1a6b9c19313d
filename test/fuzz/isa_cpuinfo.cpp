// Any text as /proc/cpuinfo: a file of another machine may hold anything.
#include <cstdint>
#include <string_view>

#include "linkdx/isa.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto words = linkdx::isa::words_of_cpuinfo(text))
    for (const std::string& word : *words)
      if (word.empty() || text.find(word) == text.npos) __builtin_trap();  // every word stands in the text
  return 0;
}
