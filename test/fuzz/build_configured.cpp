// config.log, meson-log.txt and intro-buildoptions.json; build.ninja and .ninja_log; bazel's files; CMake's
// presets.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../../src/build/bazel_files.hpp"
#include "../../src/build/cmake_presets.hpp"
#include "../../src/build/configured_files.hpp"
#include "../../src/build/ninja_files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linkdx::build;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<linkdx::Skipped> problems;
  ConfiguredTree tree;
  read_config_log(text, "config.log", tree);
  read_meson_log(text, "meson-log.txt", tree);
  read_meson_options(text, "intro-buildoptions.json", tree, problems);
  NinjaBuild ninja = read_ninja(text.substr(0, size / 2), text.substr(size / 2), "build.ninja");
  mark_made(ninja.compiles, read_ninja_log(text));
  read_bazelrc(text, ".bazelrc");
  read_link_params(text, "app-2.params");
  read_bazel_log(text, "command.log", tree);
  read_cmake_presets(text, "CMakePresets.json", problems);
  return 0;
}
