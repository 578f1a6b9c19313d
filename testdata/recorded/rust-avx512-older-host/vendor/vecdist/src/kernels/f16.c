#include <stddef.h>

float f16_sum_avx512(const _Float16 *values, size_t length) {
  float sum = 0;
  for (size_t i = 0; i < length; ++i) sum += (float)values[i];
  return sum;
}
