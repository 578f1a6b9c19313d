#include "../blend.h"

void blend_rows_portable(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t length) {
  for (size_t i = 0; i < length; ++i) out[i] = (uint8_t)((a[i] + b[i]) / 2);
}
