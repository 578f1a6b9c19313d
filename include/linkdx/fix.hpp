// fix/: changes that mend a diagnosis, in the words of each toolchain, and advice that cannot.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/diagnose.hpp"

namespace linkdx::fix {

/// The machine form of a change. A script that knows only this can apply it.
struct Apply {
  std::map<std::string, std::string> env;         ///< set
  std::map<std::string, std::string> env_append;  ///< appended with a space
  std::vector<std::string> rustflags, cflags;
  std::vector<std::string> ldflags;                ///< before the inputs
  std::vector<std::string> ldlibs;                 ///< after the inputs
  std::vector<std::vector<std::string>> commands;  ///< run first, argv arrays
  std::vector<std::string> packages;               ///< Debian names
  struct Edit {
    std::string path, diff;
  };
  std::vector<Edit> edits;  ///< unified diffs
  std::string manual;       ///< when no machine can do it
  bool empty() const;
};

struct Snippet {
  std::string for_tool, text;
};  ///< `shell`, `dockerfile`, `cargo-config`, `cmake`, `make`, `github-actions`

enum class Effect { Resolves, Prevents, WorksAround };

struct Fix {
  std::string title;
  Effect effect = Effect::Resolves;
  Confidence confidence = Confidence::Possible;
  std::string why;    ///< why it works here
  std::string price;  ///< what it costs: CPUs lost, speed, portability
  std::vector<Snippet> snippets;
  Apply apply;
  /// Flags of a compile that failed, and of the same compile with the fix: what there is to try with the
  /// compiler itself.
  struct Trial {
    std::vector<std::string> before, after;
  };
  std::optional<Trial> trial;
  struct Verified {
    std::string command, result;
  };
  std::optional<Verified> verified;
};

/// Popular advice that cannot help here, and why. `apply` lets a test try it.
struct Refuted {
  std::string advice, why;
  Apply apply;
};

struct Remedy {
  std::vector<Fix> fixes;  ///< best first
  std::vector<Refuted> refuted;
};

Remedy remedies(const diagnose::Diagnosis& diagnosis, const diagnose::Case& facts);

std::string_view name_of(Effect effect);

}  // namespace linkdx::fix
