// The program goes by several names: links to it that linkers, cargo and rustc call.
#include <cstdlib>

#include "commands.hpp"
#include "linkdx/language.hpp"

int main(int argc, char** argv) {
  using namespace linkdx::cli;
  const std::vector<std::string> arguments = {argv + (argc > 0), argv + argc};
  linkdx::speak(linkdx::language_of(linkdx::locale_variables()));
  const std::string called_as = argc > 0 ? argv[0] : "";
  const std::string name = called_as.substr(called_as.rfind('/') + 1);
  if (name == "linkdx-hook") return hook_command(arguments);
  if (name == "cargo-linkdx") return cargo_command(arguments);
  if (const char* session = std::getenv(cargo_session)) {
    if (called_as.starts_with(std::string(session) + "/linkers/"))
      return cargo_linker_command(called_as, arguments);
    if (called_as == std::string(session) + "/rustc") return cargo_rustc_command(arguments);
  }
  return run(arguments);
}
