// What an object says of itself beside what its code needs. The two disagree when an assembler file or a
// target attribute uses more than the flags, when a note asks the loader for less than the code, or when a
// tool forgot to merge a note. Code behind a dispatcher may use more: only what always runs, or may, is held
// against the declaration.
#include <algorithm>

#include <fmt/format.h>

#include "places.hpp"

#include "linkdx/language.hpp"

namespace linkdx::scan {
namespace {

using artifact::Declaration;
using Kind = Declaration::Kind;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) words.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// The features of the levels that a property names.
isa::FeatureSet of_levels(const Declaration& said, isa::Arch arch) {
  isa::FeatureSet features(arch);
  for (const std::string& word : words_of(said.value))
    if (const std::optional<isa::Level> level = isa::find_level(word, arch)) features.add(level->features);
  return features;
}

/// The object's one statement of all that its code may use, where it makes one.
struct Bound {
  isa::FeatureSet features;
  std::string by;
};
std::optional<Bound> bound_of(const ScannedObject& scanned, const std::vector<Declaration>& said) {
  std::optional<Bound> bound;
  for (const Declaration& one : said) {
    if (one.kind == Kind::Attribute && scanned.arch != isa::Arch::Arm && !one.features.empty()) {
      bound = Bound{isa::FeatureSet(scanned.arch), one.where};
      for (const std::string& feature : one.features)
        if (feature.starts_with('+')) bound->features.add(std::string_view(feature).substr(1));
      return bound;
    }
    // A linked file has many compiles in it, of which not all may have left their flags.
    if (one.kind != Kind::CompilerFlags || is_linked(*scanned.object)) continue;
    const isa::FlagEffect effect = isa::features_of_flags(words_of(one.value), scanned.arch);
    if (effect.native) return std::nullopt;
    if (!bound)
      bound = Bound{isa::FeatureSet(scanned.arch),
                    one.value.empty() ? say("the compiler's flags, none of which turns on a feature")
                                      : say("the compiler's flags")};
    bound->features.add(effect.features);
  }
  return bound;
}

}  // namespace

Declared declared_by(const ScannedObject& scanned, const isa::FeatureSet& runs) {
  Declared result;
  artifact::Declarations declarations = scanned.object->declarations();
  for (const Declaration& said : declarations.said)
    if (!said.value.empty())
      result.said.push_back(said.name.empty() ? say("{} ({})", said.value, said.where)
                                              : say("{} ({}: {})", said.value, said.where, said.name));
  result.faults = std::move(declarations.faults);
  for (const Declaration& said : declarations.said) {
    if (said.kind != Kind::IsaNeeded) continue;
    const isa::FeatureSet more = above_baseline(runs.minus(isa::with_implied(of_levels(said, scanned.arch))));
    if (!more.empty())
      result.contradictions.push_back(
          say("{} asks for {}, and code that is not seen behind a test of the CPU needs {}", said.where,
              said.value, joined(more.names())));
  }
  if (const std::optional<Bound> bound = bound_of(scanned, declarations.said)) {
    const isa::FeatureSet more = above_baseline(runs.minus(isa::with_implied(bound->features)));
    if (!more.empty())
      result.contradictions.push_back(
          say("code that is not seen behind a test of the CPU needs {}, which is not in {}",
              joined(more.names()), bound->by));
  }
  return result;
}

}  // namespace linkdx::scan
