// Building a catalogue, and finding in it. What the features are is each architecture's (architectures.hpp).
#include "catalogue.hpp"

#include "architectures.hpp"

namespace linkdx::isa {
namespace {

/// A feature may imply one that implies others: repeated until nothing is added.
void close_implications(Catalogue& catalogue) {
  for (bool changed = true; changed;) {
    changed = false;
    for (Feature& feature : catalogue.features) {
      for (std::size_t i = 0; i < catalogue.features.size(); ++i) {
        const FeatureSet& brought = catalogue.features[i].implied;
        if (Catalogue::test(feature.implied, i) && !feature.implied.contains(brought)) {
          feature.implied.add(brought);
          changed = true;
        }
      }
    }
  }
}

Catalogue build(Arch arch) {
  const Architecture* architecture = find_architecture(arch);
  Catalogue catalogue;
  if (architecture != nullptr) catalogue = architecture->features(arch);
  catalogue.arch = arch;
  close_implications(catalogue);
  return catalogue;
}

}  // namespace

const Catalogue& Catalogue::of(Arch arch) {
  return made_once<Catalogue, build>(arch);
}

void Catalogue::append(const FeatureRow& row) {
  features.push_back({row.name, row.gcc, row.clang, row.rustc, row.cpuinfo, row.hwcap, {}, {}, true, {}});
}

void Catalogue::number_features() {
  for (std::size_t i = 0; i < features.size(); ++i) {
    index_of.emplace(features[i].name, i);
    features[i].implied = FeatureSet(arch);
    set(features[i].implied, i);
  }
}

void Catalogue::imply(std::string_view feature, std::string_view implied) {
  auto from = index_of.find(feature);
  auto to = index_of.find(implied);
  if (from != index_of.end() && to != index_of.end()) set(features[from->second].implied, to->second);
}

void Catalogue::set_releases(std::span<const FirstReleases> first, std::span<const GoneReleases> gone) {
  for (const FirstReleases& row : first)
    if (auto found = index_of.find(row.feature); found != index_of.end())
      features[found->second].since = {row.gcc, row.clang, row.rustc};
  for (const GoneReleases& row : gone)
    if (auto found = index_of.find(row.feature); found != index_of.end())
      features[found->second].gone = {row.gcc, row.clang, {}};
}

void Catalogue::clear_switches(std::span<const char* const> names) {
  for (const char* name : names)
    if (auto at = index_of.find(name); at != index_of.end())
      features[at->second].gcc = features[at->second].clang = "";
}

void Catalogue::set_baseline(std::span<const char* const> names) {
  baseline = FeatureSet(arch);
  for (const char* name : names)
    if (auto found = index_of.find(name); found != index_of.end()) set(baseline, found->second);
}

const Feature* Catalogue::find(std::string_view llvm_name) const {
  auto found = index_of.find(llvm_name);
  return found == index_of.end() ? nullptr : &features[found->second];
}

const std::string& switch_of(const Feature& feature, Tool tool) {
  switch (tool) {
    case Tool::Gcc:
      return feature.gcc;
    case Tool::Clang:
      return feature.clang;
    case Tool::Rustc:
      break;
  }
  return feature.rustc;
}

const Feature* Catalogue::find_for(Tool tool, std::string_view name) const {
  for (const Feature& feature : features)
    if (!name.empty() && switch_of(feature, tool) == name) return &feature;
  return find(name);
}

bool is_x86(Arch arch) {
  return arch == Arch::X86 || arch == Arch::X86_64;
}

}  // namespace linkdx::isa
