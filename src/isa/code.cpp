// Picks the scanner.
#include "code.hpp"

#include <algorithm>

namespace linkdx::isa {

FeatureSet feature_words(Arch arch, std::string_view words) {
  FeatureSet features(arch);
  while (!words.empty()) {
    std::string_view word = words.substr(0, words.find(' '));
    features.add(word);
    words.remove_prefix(std::min(words.size(), word.size() + 1));
  }
  return features;
}

bool supported(Arch arch) { return is_x86(arch) || arch == Arch::AArch64; }

CodeNeeds from_code(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address,
                    std::vector<Branch>* branches) {
  if (is_x86(arch))
    return needs_of_x86(arch, bytes, address, branches);
  if (arch == Arch::AArch64)
    return needs_of_aarch64(bytes, address, branches);
  CodeNeeds nothing;
  nothing.features = FeatureSet(arch);
  nothing.undecoded = bytes.size();
  return nothing;
}

}  // namespace linkdx::isa
