// Where the build files name a source, under which condition, and what turned the condition off.
//
// Build systems decide what is compiled by conditions around file names: `if(HAVE_AVX512)` in a
// CMakeLists.txt, `if get_option('avx512')` in a meson.build, automake's conditionals. The condition's words
// are then looked for where the build system keeps its decisions: options and failed checks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "linkdx/diagnose.hpp"

namespace linkdx::diagnose {

/// The place in a CMakeLists.txt (or a makefile) that names the file, and the condition around it.
struct ListedAt {
  std::string path;
  std::uint64_t line = 0;
  std::string text;
  std::string condition;
  std::uint64_t condition_line = 0;
};
/// Nothing when no build file of the known kinds names it.
std::optional<ListedAt> listed_at(const Case& facts, const std::string& source);

/// A cache variable or check that the condition names and that is off.
struct OffSwitch {
  std::string name;
  Evidence evidence;
  bool is_check = false;
  bool is_option = false;
};
/// automake's conditional that is off; meson's option that is off, or the failed check that the build file
/// gave to the variable of the condition.
std::optional<OffSwitch> off_switch(const build::ConfiguredTree& tree, const ListedAt& listed);
/// A variable of CMake's cache that is off, or a check that failed.
std::optional<OffSwitch> off_switch(const build::CMakeTree& tree, const std::string& condition);

/// Where a preset of CMake sets the variable: the cache shows its value only. Null if none does.
const build::Setting* preset_of(const Case& facts, const std::string& variable);

}  // namespace linkdx::diagnose
