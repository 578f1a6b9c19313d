// Cargo.lock and .cargo/config.toml.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../../src/build/cargo_files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<linkdx::Skipped> problems;
  linkdx::build::read_cargo_lock(text, "Cargo.lock", problems);
  linkdx::build::read_cargo_config(text, "/w/.cargo/config.toml", problems);
  return 0;
}
