// What was given on the command line, sorted and read. See inputs.cpp.
#pragma once

#include <string>
#include <vector>

#include "linkdx/base.hpp"
#include "linkdx/log.hpp"

namespace linkdx::cli {

struct Inputs {
  std::vector<log::Log> logs;
  std::vector<std::string> paths;  ///< directories, objects, archives and files of a build tree
  std::vector<Skipped> unusable;   ///< given and of no use, with the reason
};

/// Sorts the words into logs and paths, and reads the logs. `-` is standard input.
Inputs read_inputs(const std::vector<std::string>& words);

}  // namespace linkdx::cli
