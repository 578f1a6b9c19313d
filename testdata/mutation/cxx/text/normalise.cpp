#include <cctype>

#include "text.hpp"

namespace text {

std::string normalise(const std::string &line) {
  std::string made;
  for (char c : line) made += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return made;
}

}  // namespace text
