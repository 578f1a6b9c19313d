#include <arm_neon.h>

#include "histogram.h"

uint32_t histogram_dotprod(const uint8_t *values, const uint8_t *weights, size_t length) {
  uint32x4_t sums = vdupq_n_u32(0);
  size_t i = 0;
  for (; i + 16 <= length; i += 16) sums = vdotq_u32(sums, vld1q_u8(values + i), vld1q_u8(weights + i));
  return vaddvq_u32(sums) + histogram_portable(values + i, weights + i, length - i);
}
