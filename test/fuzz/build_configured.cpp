// config.log, meson-log.txt and intro-buildoptions.json.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../../src/build/configured_files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linkdx::build;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<linkdx::Skipped> problems;
  ConfiguredTree tree;
  read_config_log(text, "config.log", tree);
  read_meson_log(text, "meson-log.txt", tree);
  read_meson_options(text, "intro-buildoptions.json", tree, problems);
  return 0;
}
