// The classes of the step tables as sets of features.
#include "x86_steps.hpp"

#include "code.hpp"

namespace linkdx::isa {
namespace {

using Sets = std::array<FeatureSet, std::size(step_classes)>;

Sets sets_of(Arch arch) {
  Sets sets;
  for (std::size_t i = 0; i < sets.size(); ++i) sets[i] = feature_words(arch, step_classes[i]);
  return sets;
}

}  // namespace

const FeatureSet& features_of_step(Arch arch, X86Step step) {
  if (arch == Arch::X86) {
    static const Sets sets = sets_of(Arch::X86);
    return sets[step.features];
  }
  static const Sets sets = sets_of(Arch::X86_64);
  return sets[step.features];
}

}  // namespace linkdx::isa
