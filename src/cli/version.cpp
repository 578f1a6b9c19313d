// `--version`: a report that somebody else is to read says which linkdx made it, and which tables that had.
// The tables of features come from LLVM and from the *.inc files; the digest over the latter changes with
// every row.
#include "version.hpp"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <llvm/Config/llvm-config.h>

#include "tables_digest.hpp"

namespace linkdx::cli {

std::string version_text() {
  struct Source {
    const char *what, *version;
  };
  constexpr Source sources[] = {
#define SOURCE(what, version, table) {what, version},
#include "table_sources.inc"
#undef SOURCE
  };
  std::string text =
      "linkdx " LINKDX_VERSION "\nLLVM " LLVM_VERSION_STRING "\ntables " LINKDX_TABLES_DIGEST "\n";
  std::vector<std::pair<std::string, std::vector<std::string>>> rows;
  for (const Source& source : sources) {
    if (rows.empty() || rows.back().first != source.what) rows.push_back({source.what, {}});
    rows.back().second.push_back(source.version);
  }
  for (const auto& [what, versions] : rows)
    text += fmt::format("  {}: {}\n", what, fmt::join(versions, ", "));
  return text;
}

}  // namespace linkdx::cli
