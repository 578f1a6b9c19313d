#include <atomic>
#include <cstdio>

static std::atomic<bool> taken{false};

int main() {
  int first = taken.exchange(true);
  int second = taken.exchange(true);
  std::printf("first %d second %d\n", first, second);
}
