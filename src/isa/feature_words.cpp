// The words of a table's row.
#include <algorithm>

#include "code.hpp"

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

}  // namespace linkdx::isa
