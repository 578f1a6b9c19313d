// The vocabulary that every room shares: where a fact was seen, and how sure we are of what follows
// from it. Nothing here reads, computes or prints.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace linkdx {

/// How far a statement is backed by what the user can open.
enum class Confidence {
  Certain,   ///< evidence in the report shows it: a file and line, a symbol table, a build-script output
  Likely,    ///< it explains everything seen, and one named piece of evidence is missing
  Possible,  ///< it fits, and so do other causes
};

/// One fact with its place. `kind` is a short stable word: `log`, `symbol-table`, `build-script-output`,
/// `lock-file`, `cargo-config`, `cmake-cache`, `configure-log`, `compile-command`, `source`, `disassembly`.
struct Evidence {
  std::string kind;
  std::string path;        ///< empty when the place is not a file
  std::uint64_t line = 0;  ///< 1-based; 0 when the place has no lines
  std::string text;        ///< the text itself, untrusted, unescaped
};

/// An input that was not analysed, wholly or in part, and why. Nothing is skipped without one of these.
struct Skipped {
  std::string path;
  std::string reason;
};

/// A line (or a run of lines joined by the log's wrapping) with its place in its file.
struct Excerpt {
  std::uint64_t line = 0;  ///< 1-based line of the file as it is on disk
  std::string text;        ///< the text with the log's wrapping taken off
};

}  // namespace linkdx
