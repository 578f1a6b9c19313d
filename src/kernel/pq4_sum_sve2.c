/* SVE2 does what SVE does (pq4_sum_sve.c) in fewer operations: bsl and sri put a nibble beside the number of
 * the segment in one, uaddwb and uaddwt add the even and the odd bytes to 16-bit sums, so nothing has to be
 * taken apart at the end. Per vector of codes: 2 tbl, 2 operations to make the indexes (each with a copy that
 * most cores do not execute), 4 to sum.
 */
#include "pq4_sum.h"
#include "pq4_sum_segments.h"

#include <arm_sve.h>

#if !defined(__ARM_FEATURE_SVE2) && !defined(LINKDX_BY_FLAGS)
__attribute__((target("+sve2")))
#endif
LINKDX_KERNEL
LINKDX_PQ4_SUM(pq4_sum_sve2) {
  const uint64_t length = code_length & ~(uint64_t)31;
  const uint64_t step = svcntb();
  const svbool_t all = svptrue_b8();
  const svuint8_t segment = svand_n_u8_x(all, svindex_u8(0, 1), 0xf0);
  const svuint8_t nibble = svdup_n_u8(0x0f);
  svuint16_t low_even = svdup_n_u16(0), low_odd = low_even, high_even = low_even, high_odd = low_even;
  uint16_t sums[8 * linkdx_most_segments];
  uint64_t i;
  for (i = 0; i < length; i += step) {
    const svbool_t inside = svwhilelt_b8_u64(i, length);
    const svuint8_t code = svld1_u8(inside, codes + i);
    const svuint8_t table = svld1_u8(inside, dist_table + i);
    const svuint8_t low = svtbl_u8(table, svbsl_u8(code, segment, nibble));
    const svuint8_t high = svtbl_u8(table, svsri_n_u8(segment, code, 4));
    low_even = svaddwb_u16(low_even, low);
    low_odd = svaddwt_u16(low_odd, low);
    high_even = svaddwb_u16(high_even, high);
    high_odd = svaddwt_u16(high_odd, high);
  }
  svst1_u16(all, sums, low_even);
  linkdx_add_segments(sums, step / 16, 8, dists);
  svst1_u16(all, sums, low_odd);
  linkdx_add_segments(sums, step / 16, 8, dists + 8);
  svst1_u16(all, sums, high_even);
  linkdx_add_segments(sums, step / 16, 8, dists + 16);
  svst1_u16(all, sums, high_odd);
  linkdx_add_segments(sums, step / 16, 8, dists + 24);
}
