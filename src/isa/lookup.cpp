// Features by anybody's name for them: LLVM's, a compiler's, the kernel's. The kernel's words are those of
// /proc/cpuinfo, which tells what the running machine has and the kernel lets programs use.
#include <algorithm>

#include "catalogue.hpp"

namespace linkdx::isa {

std::vector<Level> architecture_levels(Arch arch) {
  return Levels::of(arch).architecture;
}

std::optional<FeatureSet> features_named(std::string_view name, Arch arch) {
  const Catalogue& catalogue = Catalogue::of(arch);
  const Feature* found = name.empty() ? nullptr : catalogue.find(name);
  for (Tool tool : {Tool::Gcc, Tool::Clang, Tool::Rustc})
    if (found == nullptr && !name.empty()) found = catalogue.find_for(tool, name);
  FeatureSet features(arch);
  if (found != nullptr) {
    features.add(found->name);
    return features;
  }
  for (const Feature& feature : catalogue.features)
    if (!name.empty() && feature.cpuinfo == name) features.add(feature.name);
  return features.empty() ? std::nullopt : std::optional(features);
}

std::vector<std::string> known_names(Arch arch) {
  std::vector<std::string> names;
  for (const Feature& feature : Catalogue::of(arch).features)
    for (const std::string* name :
         {&feature.name, &feature.gcc, &feature.clang, &feature.rustc, &feature.cpuinfo})
      if (!name->empty()) names.push_back(*name);
  for (const std::vector<Level>* levels : {&Levels::of(arch).architecture, &Levels::of(arch).cpus})
    for (const Level& level : *levels) names.push_back(level.name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string> cpuinfo_words(const FeatureSet& features) {
  std::vector<std::string> words;
  for (const std::string& name : features.names())
    if (const std::string& word = Catalogue::of(features.arch()).find(name)->cpuinfo;
        !word.empty() && std::find(words.begin(), words.end(), word) == words.end())
      words.push_back(word);
  return words;
}

std::vector<std::string> hwcap_words(const FeatureSet& features) {
  std::vector<std::string> words;
  for (const std::string& name : features.names())
    // One bit may stand for many features: PPC_FEATURE_ARCH_2_06.
    if (const std::string& word = Catalogue::of(features.arch()).find(name)->hwcap;
        !word.empty() && std::find(words.begin(), words.end(), word) == words.end())
      words.push_back(word);
  return words;
}

FeatureSet features_of_cpuinfo(std::span<const std::string> words, Arch arch) {
  FeatureSet features(arch);
  for (const Feature& feature : Catalogue::of(arch).features)
    if (!feature.cpuinfo.empty() && std::find(words.begin(), words.end(), feature.cpuinfo) != words.end())
      features.add(feature.name);
  return features;
}

FeatureSet told_by_cpuinfo(const FeatureSet& features) {
  FeatureSet told(features.arch());
  for (const std::string& name : features.names())
    if (!Catalogue::of(features.arch()).find(name)->cpuinfo.empty()) told.add(name);
  return told;
}

}  // namespace linkdx::isa
