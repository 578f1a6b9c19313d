#include "image.h"

uint64_t average_of_products(const uint64_t *a, const uint64_t *b, size_t length) {
  unsigned __int128 sum = 0;
  for (size_t i = 0; i < length; ++i) sum += (unsigned __int128)a[i] * b[i];
  return (uint64_t)(sum / length);
}
