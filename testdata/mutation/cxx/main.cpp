#include <cstdio>

#include "count/count.hpp"
#include "hash/hash.h"
#include "text/text.hpp"

int main() {
  const std::string line = "The quick brown fox jumps over the lazy dog, and then over the sleeping cat as well";
  text::LongWords words;
  for (const std::string &word : text::split(text::normalise(line), ' ')) words.add(word);
  std::printf("long words %ld, spaces %zu, hash %u\n", words.total(), count::spaces(line.data(), line.size()),
              hash_bytes(line.data(), line.size()));
}
