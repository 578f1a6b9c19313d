#include <arm_neon.h>

__attribute__((used))
static int row_sum_neon(const unsigned char *row, int length) {
  uint32x4_t sums = vdupq_n_u32(0);
  int i = 0;
  for (; i + 16 <= length; i += 16) sums = vpadalq_u16(sums, vpaddlq_u8(vld1q_u8(row + i)));
  int sum = (int)vaddvq_u32(sums);
  for (; i < length; ++i) sum += row[i];
  return sum;
}
