#include <stddef.h>
#include <stdint.h>

uint32_t crcsum(const uint8_t *bytes, size_t length) {
  uint32_t sum = 1;
  for (size_t i = 0; i < length; ++i) sum = (sum * 3 + bytes[i]) % 8191;
  return sum;
}
