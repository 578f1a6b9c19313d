#include "text.hpp"

namespace text {

Counter::~Counter() = default;
void Counter::add(const std::string &word) { ++counts_[normalise(word)]; }
long Counter::total() const {
  long total = 0;
  for (const auto &[word, count] : counts_) total += count;
  return total;
}

}  // namespace text
