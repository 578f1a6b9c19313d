// JSON from untrusted files, through llvm::json.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <llvm/Support/JSON.h>

#include "linkdx/build.hpp"

namespace linkdx::build {

/// The value of a text, or nothing and a problem. llvm::json recurses for each level of nesting, so a text
/// that is nested deeper than any build tool writes is refused before it is parsed. Bytes that are no UTF-8
/// are replaced.
std::optional<llvm::json::Value> parse_json(std::string_view text, const std::string& path,
                                            std::vector<Skipped>& problems);

/// The commands of a compile_commands.json. Entries are read one by one: a broken one costs itself only.
std::vector<Compile> read_compile_commands(std::string_view text, const std::string& path,
                                           std::vector<Skipped>& problems);

}  // namespace linkdx::build
