/* SVE, vectors of any length: tbl looks up in the whole vector, which holds the tables of as many
 * sub-quantisers as it has segments of 16 bytes. So each index gets the number of its segment in its upper
 * half. A predicate keeps the loads of the last step within the inputs; what it leaves out is zero, and a
 * zero table adds nothing. Per vector of codes: 2 tbl, 5 operations to make the indexes, 6 to sum.
 */
#include "pq4_sum.h"
#include "pq4_sum_segments.h"

#include <arm_sve.h>

#if !defined(__ARM_FEATURE_SVE) && !defined(LINKDX_BY_FLAGS)
__attribute__((target("+sve")))
#endif
LINKDX_KERNEL
LINKDX_PQ4_SUM(pq4_sum_sve) {
  const uint64_t length = code_length & ~(uint64_t)31;
  const uint64_t step = svcntb();
  const svbool_t all = svptrue_b8();
  const svuint8_t segment = svand_n_u8_x(all, svindex_u8(0, 1), 0xf0);
  /* `all` counts the odd bytes 256-fold beside the even ones; `odd` counts them alone, and is taken off at
   * the end. */
  svuint16_t low_all = svdup_n_u16(0), low_odd = low_all, high_all = low_all, high_odd = low_all;
  uint16_t sums[8 * linkdx_most_segments];
  uint64_t i;
  for (i = 0; i < length; i += step) {
    const svbool_t inside = svwhilelt_b8_u64(i, length);
    const svuint8_t code = svld1_u8(inside, codes + i);
    const svuint8_t table = svld1_u8(inside, dist_table + i);
    const svuint8_t low_index = svorr_u8_x(all, svand_n_u8_x(all, code, 0x0f), segment);
    const svuint8_t high_index = svorr_u8_x(all, svlsr_n_u8_x(all, code, 4), segment);
    const svuint16_t low = svreinterpret_u16_u8(svtbl_u8(table, low_index));
    const svuint16_t high = svreinterpret_u16_u8(svtbl_u8(table, high_index));
    low_all = svadd_u16_x(all, low_all, low);
    low_odd = svadd_u16_x(all, low_odd, svlsr_n_u16_x(all, low, 8));
    high_all = svadd_u16_x(all, high_all, high);
    high_odd = svadd_u16_x(all, high_odd, svlsr_n_u16_x(all, high, 8));
  }
  svst1_u16(all, sums, svsub_u16_x(all, low_all, svlsl_n_u16_x(all, low_odd, 8)));
  linkdx_add_segments(sums, step / 16, 8, dists);
  svst1_u16(all, sums, low_odd);
  linkdx_add_segments(sums, step / 16, 8, dists + 8);
  svst1_u16(all, sums, svsub_u16_x(all, high_all, svlsl_n_u16_x(all, high_odd, 8)));
  linkdx_add_segments(sums, step / 16, 8, dists + 16);
  svst1_u16(all, sums, high_odd);
  linkdx_add_segments(sums, step / 16, 8, dists + 24);
}
