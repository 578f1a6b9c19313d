#include "kernels.h"

uint32_t sum_row_portable(const uint8_t *row, size_t length) {
  uint32_t sum = 0;
  for (size_t i = 0; i < length; ++i) sum += row[i];
  return sum;
}
