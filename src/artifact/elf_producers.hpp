// See elf_producers.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace linkdx::artifact {

/// Adds the NUL-ended `strings` that name a compiler, each once; with `all` every one that is not empty.
void add_producers(std::string_view strings, bool all, std::vector<std::string>& result);

}  // namespace linkdx::artifact
