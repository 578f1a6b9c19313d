// Features by anybody's name for them: LLVM's, a compiler's, the kernel's. The kernel's words are those of /proc/cpuinfo, which tells
// what the running machine has and the kernel lets programs use.
#include <algorithm>
#include <cstdlib>

#include "catalogue.hpp"

namespace linkdx::isa {

namespace {

/// `1.9` is before `1.10`.
bool is_newer(std::string_view a, std::string_view b) {
  auto number = [](std::string_view text) { return std::atoi(std::string(text).c_str()); };
  std::size_t dot_a = a.find('.'), dot_b = b.find('.');
  if (number(a) != number(b))
    return number(a) > number(b);
  return (dot_a == a.npos ? 0 : number(a.substr(dot_a + 1))) > (dot_b == b.npos ? 0 : number(b.substr(dot_b + 1)));
}

std::string_view title_of(Tool tool) {
  switch (tool) {
    case Tool::Gcc: return "GCC";
    case Tool::Clang: return "clang";
    case Tool::Rustc: break;
  }
  return "rustc";
}

struct LevelWordRow { Arch arch; std::string_view level, tool, word; };
constexpr LevelWordRow level_word_rows[] = {
#define WORD(arch, level, tool, word) {arch, level, tool, word},
#include "level_words.inc"
#undef WORD
};

}  // namespace

std::vector<LevelWord> level_words(std::string_view name, Arch arch) {
  std::vector<LevelWord> words;
  const std::optional<Level> level = find_level(name, arch);
  for (const LevelWordRow& row : level_word_rows)
    if (level && row.arch == arch && row.level == level->name)
      words.push_back({row.tool, row.word});
  return words;
}

std::string first_version(const FeatureSet& features, Tool tool) {
  std::string_view newest;
  const Catalogue& catalogue = Catalogue::of(features.arch());
  for (std::size_t i = 0; i < catalogue.features.size(); ++i)
    if (std::string_view since = catalogue.features[i].since[static_cast<std::size_t>(tool)];
        Catalogue::test(features, i) && is_newer(since, newest))
      newest = since;
  return newest.empty() ? std::string() : std::string(title_of(tool)) + " " + std::string(newest);
}

std::vector<Level> architecture_levels(Arch arch) { return Levels::of(arch).architecture; }

std::optional<FeatureSet> features_named(std::string_view name, Arch arch) {
  const Catalogue& catalogue = Catalogue::of(arch);
  const Feature* found = name.empty() ? nullptr : catalogue.find(name);
  for (Tool tool : {Tool::Gcc, Tool::Clang, Tool::Rustc})
    if (found == nullptr && !name.empty())
      found = catalogue.find_for(tool, name);
  FeatureSet features(arch);
  if (found != nullptr) {
    features.add(found->name);
    return features;
  }
  for (const Feature& feature : catalogue.features)
    if (!name.empty() && feature.cpuinfo == name)
      features.add(feature.name);
  return features.empty() ? std::nullopt : std::optional(features);
}

std::vector<std::string> known_names(Arch arch) {
  std::vector<std::string> names;
  for (const Feature& feature : Catalogue::of(arch).features)
    for (const std::string* name : {&feature.name, &feature.gcc, &feature.clang, &feature.rustc, &feature.cpuinfo})
      if (!name->empty())
        names.push_back(*name);
  for (const std::vector<Level>* levels : {&Levels::of(arch).architecture, &Levels::of(arch).cpus})
    for (const Level& level : *levels)
      names.push_back(level.name);
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
    if (!Catalogue::of(features.arch()).find(name)->cpuinfo.empty())
      told.add(name);
  return told;
}

}  // namespace linkdx::isa
