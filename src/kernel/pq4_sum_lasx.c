/* LoongArch LASX: xvshuf.b looks up in each half of a register on its own, so a 32-byte block of two
 * sub-quantisers is one step, and two blocks are summed together (pq4_sum_lsx.c). Per 64 bytes of codes: 4
 * xvshuf.b, 4 operations to split the nibbles, 8 to sum.
 */
#include "pq4_sum.h"

#include <lasxintrin.h>

#if !defined(__loongarch_asx) && !defined(LINKDX_BY_FLAGS)
__attribute__((target("lasx")))
#endif
LINKDX_KERNEL
LINKDX_PQ4_SUM(pq4_sum_lasx) {
  const size_t length = code_length & ~(size_t)31;
  __m256i low_even = __lasx_xvldi(0), low_odd = low_even, high_even = low_even, high_odd = low_even;
  size_t i;
  for (i = 0; i < length; i += 64) {
    const int two =
        length - i >= 64; /* else the last block stands alone, and a zero table beside it adds nothing */
    const __m256i code0 = __lasx_xvld(codes + i, 0), code1 = two ? __lasx_xvld(codes + i, 32) : code0;
    const __m256i table0 = __lasx_xvld(dist_table + i, 0),
                  table1 = two ? __lasx_xvld(dist_table + i, 32) : __lasx_xvldi(0);
    const __m256i low0 = __lasx_xvshuf_b(table0, table0, __lasx_xvandi_b(code0, 15));
    const __m256i low1 = __lasx_xvshuf_b(table1, table1, __lasx_xvandi_b(code1, 15));
    const __m256i high0 = __lasx_xvshuf_b(table0, table0, __lasx_xvsrli_b(code0, 4));
    const __m256i high1 = __lasx_xvshuf_b(table1, table1, __lasx_xvsrli_b(code1, 4));
    low_even = __lasx_xvadd_h(low_even, __lasx_xvaddwev_h_bu(low0, low1));
    low_odd = __lasx_xvadd_h(low_odd, __lasx_xvaddwod_h_bu(low0, low1));
    high_even = __lasx_xvadd_h(high_even, __lasx_xvaddwev_h_bu(high0, high1));
    high_odd = __lasx_xvadd_h(high_odd, __lasx_xvaddwod_h_bu(high0, high1));
  }
  /* The two halves hold two sub-quantisers' sums of the same vectors. xvpermi.q takes halves by number: 0 and
   * 1 of its second operand, 2 and 3 of its first. */
  __lasx_xvst(
      __lasx_xvadd_h(__lasx_xvpermi_q(low_odd, low_even, 0x20), __lasx_xvpermi_q(low_odd, low_even, 0x31)),
      dists, 0);
  __lasx_xvst(__lasx_xvadd_h(__lasx_xvpermi_q(high_odd, high_even, 0x20),
                             __lasx_xvpermi_q(high_odd, high_even, 0x31)),
              dists, 32);
}
