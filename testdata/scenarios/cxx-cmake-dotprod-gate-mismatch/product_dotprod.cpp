#include "dot.hpp"

#ifdef __ARM_FEATURE_DOTPROD
#include <arm_neon.h>

int dot::product_dotprod(const std::int8_t *a, const std::int8_t *b, std::size_t length) {
  int32x4_t sums = vdupq_n_s32(0);
  std::size_t i = 0;
  for (; i + 16 <= length; i += 16) sums = vdotq_s32(sums, vld1q_s8(a + i), vld1q_s8(b + i));
  int sum = vaddvq_s32(sums);
  for (; i < length; ++i) sum += a[i] * b[i];
  return sum;
}
#endif
