#include <stddef.h>
#include <stdint.h>

void pack_nibbles(uint8_t *out, const uint8_t *in, size_t length) {
  for (size_t i = 0; i < length; ++i) {
    if (i % 2 == 0) out[i / 2] = in[i];
    else out[i / 2] |= (uint8_t)(in[i] << 4);
  }
}
