/* AArch64 NEON, which every AArch64 CPU has: tbl looks up 16 codes at once; uaddw adds bytes to 16-bit sums,
 * so nothing has to be taken apart afterwards but the interleaved order of the vectors. Per 16 bytes of
 * codes: 2 tbl, 2 operations to split the nibbles, 4 uaddw.
 */
#include "pq4_sum.h"

#include <arm_neon.h>

LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_neon) {
  const size_t length = code_length & ~(size_t)31;
  const uint8x16_t nibble = vdupq_n_u8(0x0f);
  uint16x8_t sums[2][4]; /* two sets, so that an addition need not wait for the one before it */
  unsigned set, part;
  size_t i;
  for (set = 0; set < 2; set++)
    for (part = 0; part < 4; part++) sums[set][part] = vdupq_n_u16(0);
  for (i = 0; i < length; i += 32) {
    for (set = 0; set < 2; set++) {
      const uint8x16_t code = vld1q_u8(codes + i + 16 * set);
      const uint8x16_t table = vld1q_u8(dist_table + i + 16 * set);
      const uint8x16_t low = vqtbl1q_u8(table, vandq_u8(code, nibble));
      const uint8x16_t high = vqtbl1q_u8(table, vshrq_n_u8(code, 4));
      sums[set][0] = vaddw_u8(sums[set][0], vget_low_u8(low));
      sums[set][1] = vaddw_high_u8(sums[set][1], low);
      sums[set][2] = vaddw_u8(sums[set][2], vget_low_u8(high));
      sums[set][3] = vaddw_high_u8(sums[set][3], high);
    }
  }
  for (part = 0; part < 4; part++) sums[0][part] = vaddq_u16(sums[0][part], sums[1][part]);
  vst1q_u16(dists, vuzp1q_u16(sums[0][0], sums[0][1]));
  vst1q_u16(dists + 8, vuzp2q_u16(sums[0][0], sums[0][1]));
  vst1q_u16(dists + 16, vuzp1q_u16(sums[0][2], sums[0][3]));
  vst1q_u16(dists + 24, vuzp2q_u16(sums[0][2], sums[0][3]));
}
