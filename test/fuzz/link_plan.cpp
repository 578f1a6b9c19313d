// Any words as a link command: one a line.

#include <cstddef>
#include <cstdint>

#include "linkdx/link.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> arguments;
  std::string word;
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] != '\n') {
      word += static_cast<char>(data[i]);
      continue;
    }
    // No response files: the input decides nothing about which files are read.
    if (word.find('@') == std::string::npos) arguments.push_back(word);
    word.clear();
  }
  std::vector<linkdx::Skipped> problems;
  linkdx::link::plan_from_command(arguments, "", problems);
  return 0;
}
