#include "rows.h"

uint64_t rows_squares(const uint8_t *row, size_t length) {
  uint64_t sum = 0;
  for (size_t i = 0; i < length; ++i) sum += (uint64_t)row[i] * row[i];
  return sum;
}
