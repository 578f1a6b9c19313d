// What the tests of the catalogue need to ask compilers.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

struct Output {
  int status;
  std::string text;
};

inline Output run(const std::string& command) {
  Output output{-1, {}};
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return output;
  std::array<char, 4096> buffer;
  while (std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) output.text.append(buffer.data(), n);
  output.status = pclose(pipe);
  return output;
}

inline std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += " " + word;
  return text;
}

/// Accepted, and not merely warned about.
inline bool accepts(const std::string& tool, const std::string& flags) {
  Output output = run(tool + flags + " -Werror -fsyntax-only -x c /dev/null");
  return output.status == 0;
}

/// `12` of `12` or `12.2.0`, `19` of `clang version 19.1.7`.
inline std::string version_of(const std::string& compiler) {
  const std::string text = run(compiler + " -dumpversion").text;
  return text.substr(0, text.find_first_not_of("0123456789."));
}

/// One in `part` of a list, spread over it, and all of one that is short. All of every list when
/// LINKDX_TEST_ALL is set: each costs a start of a compiler.
inline bool is_tried(std::size_t index, std::size_t size, unsigned part) {
  static const bool all = std::getenv("LINKDX_TEST_ALL") != nullptr;
  return all || size <= 10 || index % part == 0;
}
