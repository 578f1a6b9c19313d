// What a user calls a configuration: a level (`x86-64-v3`), a CPU (`znver4`), features joined by commas
// (`avx512bw,vaes`), or `baseline`. isa/ knows the names; here they become the features that an object may
// need, and the words of each tool.
#include "configuration.hpp"

#include <algorithm>

namespace linkdx::verify {

Meaning meaning_of(const std::string& name, isa::Arch arch) {
  Meaning meaning{isa::baseline(arch), {}, {}};
  if (name == "baseline") return meaning;
  if (const std::optional<isa::Level> level = isa::find_level(name, arch)) {
    meaning.features.add(level->features);
    return meaning;
  }
  isa::FeatureSet named(arch);
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find(',', start), name.size());
    const std::string word = name.substr(start, end - start);
    const std::optional<isa::FeatureSet> features = isa::features_named(word, arch);
    if (!features) {
      meaning.unknown = word;
      return meaning;
    }
    named.add(*features);
    start = end + 1;
  }
  meaning.features.add(isa::with_implied(named));
  meaning.named = named;
  return meaning;
}

isa::Flags flags_of(const std::string& name, const Meaning& meaning, isa::Arch arch, isa::Tool tool) {
  if (meaning.named) return isa::flags_for(*meaning.named, tool);
  if (name == "baseline") return {};
  return {isa::flags_for_level(name, arch, tool), {}};
}

}  // namespace linkdx::verify
