/* RISC-V vectors 1.0, of any length from the 128 bits that the V extension promises: vrgather looks up in the
 * whole register, which holds the tables of as many sub-quantisers as it has segments of 16 bytes, so each
 * index gets the number of its segment in its upper half; vwaddu.wv adds bytes to 16-bit sums. In the last
 * step the vector length is what is left, and the sums beyond it stay as they are (the tail-undisturbed
 * policy, RVV 1.0 section 3.4.3). Per register of codes: 2 vrgather, 4 operations to make the indexes, 2
 * vwaddu on register pairs.
 */
#include "pq4_sum.h"
#include "pq4_sum_segments.h"

#include <riscv_vector.h>

#if !defined(__riscv_v) && !defined(LINKDX_BY_FLAGS)
__attribute__((target("arch=+v")))
#endif
LINKDX_KERNEL
LINKDX_PQ4_SUM(pq4_sum_rvv) {
  const size_t length = code_length & ~(size_t)31;
  /* Elements that a register has, but no more than a byte can number. Powers of two both. */
  const size_t step = __riscv_vsetvl_e8m1(16 * linkdx_most_segments);
  const vuint8m1_t segment = __riscv_vand_vx_u8m1(__riscv_vid_v_u8m1(step), 0xf0, step);
  vuint16m2_t low_sums = __riscv_vmv_v_x_u16m2(0, step), high_sums = low_sums;
  uint16_t sums[2][16 * linkdx_most_segments];
  size_t i;
  unsigned byte;
  for (i = 0; i < length; i += step) {
    const size_t now = length - i < step ? length - i : step;
    const vuint8m1_t code = __riscv_vle8_v_u8m1(codes + i, now);
    const vuint8m1_t table = __riscv_vle8_v_u8m1(dist_table + i, now);
    const vuint8m1_t low_index = __riscv_vor_vv_u8m1(__riscv_vand_vx_u8m1(code, 0x0f, now), segment, now);
    const vuint8m1_t high_index = __riscv_vor_vv_u8m1(__riscv_vsrl_vx_u8m1(code, 4, now), segment, now);
    low_sums =
        __riscv_vwaddu_wv_u16m2_tu(low_sums, low_sums, __riscv_vrgather_vv_u8m1(table, low_index, now), now);
    high_sums = __riscv_vwaddu_wv_u16m2_tu(high_sums, high_sums,
                                           __riscv_vrgather_vv_u8m1(table, high_index, now), now);
  }
  __riscv_vse16_v_u16m2(sums[0], low_sums, step);
  __riscv_vse16_v_u16m2(sums[1], high_sums, step);
  linkdx_add_segments(sums[0], step / 16, 16, sums[0]);
  linkdx_add_segments(sums[1], step / 16, 16, sums[1]);
  for (byte = 0; byte < 16; byte++) {
    const unsigned vector = byte / 2 + byte % 2 * 8; /* byte j holds vector 0 8 1 9 ... */
    dists[vector] = sums[0][byte];
    dists[16 + vector] = sums[1][byte];
  }
}
