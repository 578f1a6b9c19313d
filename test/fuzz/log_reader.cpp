// Any bytes are a log: no crash, no hang, and the same result however the bytes are cut into pieces.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "linkdx/log.hpp"

using namespace linkdx::log;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  Log whole = read("-", text);
  Reader reader("-");
  std::size_t step = size % 7 + 1;
  for (std::size_t at = 0; at < size; at += step) reader.feed(text.substr(at, step));
  Log pieces = reader.finish();
  if (whole.failures.size() != pieces.failures.size() || whole.messages.size() != pieces.messages.size() ||
      whole.commands.size() != pieces.commands.size() || whole.lines != pieces.lines)
    std::abort();
  split_command(text);
  return 0;
}
