#include <arm_neon.h>

#include "../blend.h"

void blend_rows_neon(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t length) {
  size_t i = 0;
  for (; i + 16 <= length; i += 16) vst1q_u8(out + i, vhaddq_u8(vld1q_u8(a + i), vld1q_u8(b + i)));
  blend_rows_portable(out + i, a + i, b + i, length - i);
}
