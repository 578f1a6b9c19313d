// What words mean on an architecture, in each tool's words, and what choosing one level over another changes.
#include "flags_answer.hpp"

#include <algorithm>

namespace linkdx::cli {

std::optional<Meaning> meaning_of(const std::vector<std::string>& words, isa::Arch arch) {
  Meaning meaning{isa::FeatureSet(arch), std::nullopt};
  for (const std::string& word : words) {
    if (const std::optional<isa::FeatureSet> features = isa::features_named(word, arch)) {
      meaning.features.add(*features);
    } else if (std::optional<isa::Level> level = isa::find_level(word, arch)) {
      meaning.features.add(level->features);
      if (words.size() == 1) meaning.level = std::move(level);
    } else {
      return std::nullopt;
    }
  }
  return meaning;
}

ToolAnswer answer_for(const Meaning& meaning, const NamedTool& tool) {
  ToolAnswer answer{tool, {}, {}, false};
  const isa::Arch arch = meaning.features.arch();
  if (meaning.level) {
    answer.flags.arguments = isa::flags_for_level(meaning.level->name, arch, tool.tool);
    answer.releases = isa::releases_of_level(meaning.level->name, arch, tool.tool);
    answer.by_features = answer.flags.arguments == isa::flags_for(meaning.features, tool.tool).arguments;
  }
  if (answer.flags.arguments.empty() || answer.by_features) {
    answer.flags = isa::flags_for(meaning.features, tool.tool);
    answer.releases = isa::releases_of(isa::with_implied(meaning.features), tool.tool);
  }
  return answer;
}

Step step(const Meaning& from, const Meaning& to) {
  Step result;
  const isa::FeatureSet before = isa::with_implied(from.features), after = isa::with_implied(to.features);
  result.gained = after.minus(before);
  result.given_up = before.minus(after);
  const std::vector<std::string> old_cpus = isa::cpus_with(before), new_cpus = isa::cpus_with(after);
  auto missing = [](const std::vector<std::string>& these, const std::vector<std::string>& in) {
    std::vector<std::string> result;
    for (const std::string& name : these)
      if (std::find(in.begin(), in.end(), name) == in.end()) result.push_back(name);
    return result;
  };
  result.cpus_lost = missing(old_cpus, new_cpus);
  result.cpus_gained = missing(new_cpus, old_cpus);
  return result;
}

}  // namespace linkdx::cli
