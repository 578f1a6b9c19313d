// CMakeError.log and CMakeOutput.log: what failed and what passed while CMake before 3.26 configured. Each
// check starts with a headline, followed by what the tools printed:
//
//   Performing C SOURCE FILE Test HAVE_AVX512 failed with the following output:
//   Determining if the function pow exists passed with the following output:
//
// Only the first form names the variable. Source: Modules/Internal/CheckSourceCompiles.cmake,
// CheckFunctionExists.cmake and their kin in CMake 3.16 to 3.25.
#include "cmake_files.hpp"
#include "commands.hpp"
#include "files.hpp"

namespace linkdx::build {
namespace {

struct Ending {
  std::string_view text;
  bool passed;
};
constexpr Ending endings[] = {
    {" failed with the following output:", false},
    {" failed with the following compile output:", false},
    {" succeeded with the following output:", true},
    {" passed with the following output:", true},
};

bool read_headline(std::string_view line, Check& check) {
  if (!line.starts_with("Performing ") && !line.starts_with("Determining ") &&
      !line.starts_with("Checking ") && !line.starts_with("Check for ") && !line.starts_with("Detecting "))
    return false;
  for (const Ending& ending : endings) {
    if (!line.ends_with(ending.text)) continue;
    check.what = std::string(line.substr(0, line.size() - ending.text.size()));
    check.passed = ending.passed;
    std::size_t test = check.what.find(" Test ");
    if (check.what.starts_with("Performing ") && test != std::string::npos) {
      std::string variable = check.what.substr(test + 6);
      if (variable.find(' ') == std::string::npos) check.variable = std::move(variable);
    }
    return true;
  }
  return false;
}

}  // namespace

std::string first_error(std::string_view output) {
  std::string undefined;
  Lines lines(output);
  for (std::string_view line; lines.next(line);) {
    if (line.find("undefined reference to ") != std::string_view::npos ||
        line.find("undefined symbol: ") != std::string_view::npos) {
      if (undefined.empty()) undefined = std::string(line);
      continue;
    }
    if (!is_tool_error(line)) continue;
    // "collect2: error: ld returned 1 exit status" says less than the linker's line before it.
    if (!undefined.empty() && line.find("error: ld returned ") != std::string_view::npos) return undefined;
    return std::string(line);
  }
  return undefined;
}

std::vector<Check> read_cmake_log(std::string_view text, const std::string& path) {
  std::vector<Check> checks;
  std::size_t body = 0;  // where the last headline's output starts
  auto close = [&](std::size_t end) {
    if (checks.empty() || checks.back().passed) return;
    checks.back().message = first_error(text.substr(body, end - body));
  };
  Lines lines(text);
  for (std::string_view line; lines.next(line);) {
    Check check;
    if (!read_headline(line, check)) continue;
    close(static_cast<std::size_t>(line.data() - text.data()));
    check.where = {lines.number(), std::string(line)};
    check.path = path;
    checks.push_back(std::move(check));
    body = static_cast<std::size_t>(line.data() - text.data()) + line.size();
  }
  close(text.size());
  return checks;
}

}  // namespace linkdx::build
