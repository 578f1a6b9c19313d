#include <cstdio>
#include <string>
#include <vector>

int main() {
  std::vector<std::string> words = {"a", "bc", "def"};
  words.emplace_back("ghij");
  words.pop_back();
  std::printf("%zu words\n", words.size());
}
