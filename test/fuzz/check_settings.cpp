// `.linkdx.toml`, and the file of known findings.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "linkdx/check.hpp"
#include "linkdx/pattern.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const linkdx::check::Settings settings = linkdx::check::parse_settings(text, ".linkdx.toml");
  for (const linkdx::check::Suppression& one : settings.suppressions)
    linkdx::fits_pattern(one.symbol, one.reason);
  linkdx::check::Result result;
  std::string fault;
  linkdx::check::drop_known(result, text, fault);
  return 0;
}
