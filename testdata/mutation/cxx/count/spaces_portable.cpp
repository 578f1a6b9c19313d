#include "count.hpp"

namespace count {

std::size_t spaces_portable(const char *text, std::size_t length) {
  std::size_t spaces = 0;
  for (std::size_t i = 0; i < length; ++i) spaces += text[i] == ' ';
  return spaces;
}

}  // namespace count
