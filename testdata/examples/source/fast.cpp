// The kernel for CPUs with AVX2: this file alone is compiled with -mavx2.
#include "scale.hpp"

float sum_avx2(float* values, int count) {
  scale(values, count, 2);
  float sum = 0;
  for (int i = 0; i < count; ++i) sum += values[i];
  return sum;
}
