#include <cstdio>

#include "dot.hpp"

int main() {
  std::int8_t a[41], b[41];
  for (int i = 0; i < 41; ++i) {
    a[i] = static_cast<std::int8_t>(i - 20);
    b[i] = static_cast<std::int8_t>(i % 5 - 2);
  }
  std::printf("product %d\n", dot::product(a, b, 41));
}
