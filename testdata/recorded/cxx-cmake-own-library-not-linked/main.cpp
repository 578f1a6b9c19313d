#include <cstdio>

#include "ringbuf.hpp"

int main() {
  ringbuf::Ring ring;
  for (int i = 0; i < 9; ++i) ring.push(i);
  std::printf("sum %d\n", ring.sum());
}
