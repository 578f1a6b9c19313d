#include "adler.h"

uint32_t adler_update(uint32_t sum, const uint8_t *bytes, size_t length) {
  uint32_t low = sum & 0xffff, high = sum >> 16;
  for (size_t i = 0; i < length; ++i) {
    low = (low + bytes[i]) % 65521;
    high = (high + low) % 65521;
  }
  return high << 16 | low;
}
