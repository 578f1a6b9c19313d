// See llvm_features.hpp.
#include "llvm_features.hpp"

#include <algorithm>

#include "llvm_decoder.hpp"

namespace linkdx::isa {
namespace {

/// The bits with all that they imply, tuning included: one may stand between two features.
llvm::FeatureBitset closed(llvm::FeatureBitset bits, llvm::ArrayRef<llvm::SubtargetFeatureKV> features) {
  for (llvm::FeatureBitset before; before != bits;) {
    before = bits;
    for (const llvm::SubtargetFeatureKV& feature : features)
      if (bits.test(feature.Value)) bits |= feature.Implies.getAsBitset();
  }
  return bits;
}

}  // namespace

Catalogue llvm_features(Arch arch, const char* triple, std::span<const FeatureRow> rows,
                        std::span<const char* const> baseline) {
  Catalogue catalogue;
  catalogue.arch = arch;
  for (const FeatureRow& row : rows) catalogue.append(row);
  catalogue.number_features();
  if (std::unique_ptr<LlvmDecoder> decoder = LlvmDecoder::create(triple, "")) {
    llvm::ArrayRef<llvm::SubtargetFeatureKV> features = decoder->subtarget().getAllProcessorFeatures();
    for (const llvm::SubtargetFeatureKV& feature : features) {
      const llvm::FeatureBitset implied = closed(feature.Implies.getAsBitset(), features);
      for (const llvm::SubtargetFeatureKV& other : features)
        if (implied.test(other.Value)) catalogue.imply(feature.Key, other.Key);
    }
  }
  catalogue.set_baseline(baseline);
  return catalogue;
}

Levels llvm_levels(Arch arch, const char* triple, std::span<const std::string_view> architecture,
                   std::span<const std::string_view> neither) {
  Levels levels;
  std::unique_ptr<LlvmDecoder> decoder = LlvmDecoder::create(triple, "");
  if (!decoder) return levels;
  llvm::ArrayRef<llvm::SubtargetFeatureKV> features = decoder->subtarget().getAllProcessorFeatures();
  auto level_of = [&](const llvm::SubtargetSubTypeKV& cpu, bool is_cpu) {
    const llvm::FeatureBitset bits = closed(cpu.Implies.getAsBitset(), features);
    Level level{cpu.Key, FeatureSet(arch), is_cpu};
    for (const llvm::SubtargetFeatureKV& feature : features)
      if (bits.test(feature.Value))
        level.features.add(feature.Key);  // not tuning, which is not in the catalogue
    level.features = with_implied(level.features);
    return level;
  };
  auto has = [](std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  llvm::ArrayRef<llvm::SubtargetSubTypeKV> cpus = decoder->subtarget().getAllProcessorDescriptions();
  for (std::string_view name : architecture)
    for (const llvm::SubtargetSubTypeKV& cpu : cpus)
      if (cpu.Key == name) levels.architecture.push_back(level_of(cpu, false));
  for (const llvm::SubtargetSubTypeKV& cpu : cpus)
    if (!has(architecture, cpu.Key) && !has(neither, cpu.Key)) levels.cpus.push_back(level_of(cpu, true));
  return levels;
}

std::vector<FeatureSet> llvm_implied(Arch arch, const char* triple, std::span<const std::string_view> names) {
  std::vector<FeatureSet> sets(names.size(), FeatureSet(arch));
  std::unique_ptr<LlvmDecoder> decoder = LlvmDecoder::create(triple, "");
  if (!decoder) return sets;
  llvm::ArrayRef<llvm::SubtargetFeatureKV> features = decoder->subtarget().getAllProcessorFeatures();
  for (std::size_t i = 0; i < names.size(); ++i)
    for (const llvm::SubtargetFeatureKV& feature : features)
      if (feature.Key == names[i]) {
        const llvm::FeatureBitset bits = closed(feature.Implies.getAsBitset(), features);
        for (const llvm::SubtargetFeatureKV& other : features)
          if (bits.test(other.Value)) sets[i].add(other.Key);
      }
  return sets;
}

}  // namespace linkdx::isa
