// What `linkdx flags` knows about some words on one architecture, and how it is printed. The text fits 80
// columns and is for people; the JSON has the same facts under names that are added to and never renamed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/isa.hpp"

namespace linkdx::cli {

struct NamedTool {
  std::string_view name, title;
  isa::Tool tool;
};
inline constexpr NamedTool flag_tools[] = {{"gcc", "GCC", isa::Tool::Gcc},
                                           {"clang", "clang", isa::Tool::Clang},
                                           {"rustc", "rustc", isa::Tool::Rustc}};

/// What the words say on one architecture. One level or CPU alone is answered as that, and not as its
/// features.
struct Meaning {
  isa::FeatureSet features;
  std::optional<isa::Level> level;
};
/// Nothing if the architecture does not know all of the words.
std::optional<Meaning> meaning_of(const std::vector<std::string>& words, isa::Arch arch);

/// A compiler's words for a meaning.
struct ToolAnswer {
  NamedTool tool;
  isa::Flags flags;
  isa::Releases releases;
  /// The compiler does not know the level or CPU by a name, so the flags say its features.
  bool by_features = false;
};
ToolAnswer answer_for(const Meaning& meaning, const NamedTool& tool);

/// Going from one meaning to a larger one.
struct Step {
  isa::FeatureSet gained, given_up;  ///< features
  std::vector<std::string> cpus_lost, cpus_gained;
};
Step step(const Meaning& from, const Meaning& to);

std::string describe(const Meaning& meaning);
/// `than` in the words of the user.
std::string describe_step(const Meaning& from, const Meaning& to);
/// All meanings of a call; `than` may be empty, or has one for each.
std::string flags_json(const std::vector<Meaning>& meanings, const std::vector<Meaning>& than);

/// `what` in a first column, the words in a second that is broken before the 80th column.
std::string flags_line(std::string_view what, const std::vector<std::string>& words);
std::string title_of(const Meaning& meaning);

}  // namespace linkdx::cli
