#include <arm_neon.h>

#include "weigh.h"

uint32_t weigh_dotprod(const uint8_t *a, const uint8_t *b, size_t count) {
  uint32x4_t sums = vdupq_n_u32(0);
  size_t i = 0;
  for (; i + 16 <= count; i += 16) sums = vdotq_u32(sums, vld1q_u8(a + i), vld1q_u8(b + i));
  uint32_t sum = vaddvq_u32(sums);
  for (; i < count; i++) sum += (uint32_t)a[i] * b[i];
  return sum;
}
