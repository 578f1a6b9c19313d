#include "text.hpp"

namespace text {

std::vector<std::string> split(const std::string &line, char separator) {
  std::vector<std::string> words(1);
  for (char c : line)
    if (c == separator)
      words.emplace_back();
    else
      words.back() += c;
  return words;
}

}  // namespace text
