#include "kernels.h"

void halve_row_portable(uint8_t *row, size_t length) {
  for (size_t i = 0; i < length; ++i) row[i] /= 2;
}
