// Runs on every x86-64 CPU: asks before it calls the kernel.
#include "scale.hpp"

float sum_avx2(float* values, int count);

static float sum(float* values, int count) {
  scale(values, count, 2);
  float sum = 0;
  for (int i = 0; i < count; ++i) sum += values[i];
  return sum;
}

int main(int count, char**) {
  float values[64] = {};
  if (__builtin_cpu_supports("avx2")) return sum_avx2(values, count) < 0;
  return sum(values, count) < 0;
}
