// The output and the standard error of a cargo build script.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../../src/build/script_output.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  linkdx::build::BuildScriptRun run;
  linkdx::build::read_script_output(text, "output", run);
  linkdx::build::read_script_stderr(text, "stderr", run);
  for (const auto& [name, value] : run.environment) linkdx::build::environment_value(run, name);
  return 0;
}
