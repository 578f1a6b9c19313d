#include "histogram.h"

uint32_t histogram_portable(const uint8_t *values, const uint8_t *weights, size_t length) {
  uint32_t sum = 0;
  for (size_t i = 0; i < length; ++i) sum += (uint32_t)values[i] * weights[i];
  return sum;
}
