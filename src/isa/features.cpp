// Sets of features. What a member implies is the catalogue's; here is only set arithmetic. i386 and x86-64
// share one numbering of features, so their sets can be compared.
#include "catalogue.hpp"

namespace linkdx::isa {

bool FeatureSet::add(std::string_view llvm_name) {
  const Catalogue& catalogue = Catalogue::of(arch_);
  auto found = catalogue.index_of.find(llvm_name);
  if (found == catalogue.index_of.end()) return false;
  bits_.set(found->second);
  return true;
}

void FeatureSet::add(const FeatureSet& other) {
  if (arch_ == Arch::Unknown) arch_ = other.arch_;
  if (arch_ == other.arch_ || (is_x86(arch_) && is_x86(other.arch_))) bits_ |= other.bits_;
}

bool FeatureSet::has(std::string_view llvm_name) const {
  const Catalogue& catalogue = Catalogue::of(arch_);
  auto found = catalogue.index_of.find(llvm_name);
  return found != catalogue.index_of.end() && bits_.test(found->second);
}

bool FeatureSet::contains(const FeatureSet& other) const {
  if (other.empty()) return true;
  if (arch_ != other.arch_ && !(is_x86(arch_) && is_x86(other.arch_))) return false;
  return (other.bits_ & ~bits_).none();
}

FeatureSet FeatureSet::minus(const FeatureSet& other) const {
  FeatureSet result = *this;
  if (arch_ == other.arch_ || (is_x86(arch_) && is_x86(other.arch_))) result.bits_ &= ~other.bits_;
  return result;
}

std::vector<std::string> FeatureSet::names() const {
  std::vector<std::string> names;
  const Catalogue& catalogue = Catalogue::of(arch_);
  for (std::size_t i = 0; i < catalogue.features.size(); ++i)
    if (bits_.test(i)) names.push_back(catalogue.features[i].name);
  return names;
}

FeatureSet with_implied(const FeatureSet& features) {
  FeatureSet result = features;
  const Catalogue& catalogue = Catalogue::of(features.arch());
  for (std::size_t i = 0; i < catalogue.features.size(); ++i)
    if (Catalogue::test(features, i)) result.add(catalogue.features[i].implied);
  return result;
}

FeatureSet without_implied(const FeatureSet& features) {
  FeatureSet result = features;
  const Catalogue& catalogue = Catalogue::of(features.arch());
  for (std::size_t i = 0; i < catalogue.features.size(); ++i) {
    if (!Catalogue::test(features, i)) continue;
    FeatureSet brought = catalogue.features[i].implied;
    Catalogue::clear(brought, i);
    result = result.minus(brought);
  }
  return result;
}

FeatureSet baseline(Arch arch) {
  return with_implied(Catalogue::of(arch).baseline);
}

}  // namespace linkdx::isa
