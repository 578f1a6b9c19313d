#include "clamp.h"

/* Assembly: blocks of 16 bytes. */
void clamp_bytes_sse2(uint8_t *bytes, size_t blocks, uint32_t most_in_every_byte);

void clamp_bytes(uint8_t *bytes, size_t length, uint8_t most) {
  size_t i = length / 16 * 16;
  clamp_bytes_sse2(bytes, length / 16, most * 0x01010101u);
  for (; i < length; ++i) bytes[i] = bytes[i] < most ? bytes[i] : most;
}
