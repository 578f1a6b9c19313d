#include "text.hpp"

namespace text {

void LongWords::add(const std::string &word) {
  if (word.size() > 4) Counter::add(word);
}

}  // namespace text
