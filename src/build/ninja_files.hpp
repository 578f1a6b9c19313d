// What ninja reads and writes: build.ninja with the files that it includes, and .ninja_log. See
// ninja_files.cpp.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/build.hpp"

namespace linkdx::build {

struct NinjaBuild {
  std::vector<Compile> compiles;      ///< edges that make an object of a source
  std::vector<Compile> links;         ///< edges whose command names objects and an output
  std::vector<std::string> included;  ///< `include` and `subninja`, as written
};
/// `rules` is the text of included files, for their rules and variables; their edges are not read.
NinjaBuild read_ninja(std::string_view text, std::string_view rules, const std::string& path);

/// The outputs that .ninja_log records: what a command has made, at any time.
std::set<std::string> read_ninja_log(std::string_view text);

/// A compile's result is Succeeded when its object is among them.
void mark_made(std::vector<Compile>& compiles, const std::set<std::string>& made);

}  // namespace linkdx::build
