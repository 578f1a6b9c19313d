/* LoongArch LSX: vshuf.b looks up 16 codes at once; vaddwev and vaddwod add the even and the odd bytes of two
 * sub-quantisers into 16 bits, so nothing has to be taken apart afterwards. Per 32 bytes of codes: 4 vshuf.b,
 * 4 operations to split the nibbles, 8 to sum.
 */
#include "pq4_sum.h"

#include <lsxintrin.h>

#if !defined(__loongarch_sx) && !defined(LINKDX_BY_FLAGS)
__attribute__((target("lsx")))
#endif
LINKDX_KERNEL
LINKDX_PQ4_SUM(pq4_sum_lsx) {
  const size_t length = code_length & ~(size_t)31;
  __m128i low_even = __lsx_vldi(0), low_odd = low_even, high_even = low_even, high_odd = low_even;
  size_t i;
  for (i = 0; i < length; i += 32) {
    const __m128i code0 = __lsx_vld(codes + i, 0), code1 = __lsx_vld(codes + i, 16);
    const __m128i table0 = __lsx_vld(dist_table + i, 0), table1 = __lsx_vld(dist_table + i, 16);
    const __m128i low0 = __lsx_vshuf_b(table0, table0, __lsx_vandi_b(code0, 15));
    const __m128i low1 = __lsx_vshuf_b(table1, table1, __lsx_vandi_b(code1, 15));
    const __m128i high0 = __lsx_vshuf_b(table0, table0, __lsx_vsrli_b(code0, 4));
    const __m128i high1 = __lsx_vshuf_b(table1, table1, __lsx_vsrli_b(code1, 4));
    low_even = __lsx_vadd_h(low_even, __lsx_vaddwev_h_bu(low0, low1));
    low_odd = __lsx_vadd_h(low_odd, __lsx_vaddwod_h_bu(low0, low1));
    high_even = __lsx_vadd_h(high_even, __lsx_vaddwev_h_bu(high0, high1));
    high_odd = __lsx_vadd_h(high_odd, __lsx_vaddwod_h_bu(high0, high1));
  }
  __lsx_vst(low_even, dists, 0);
  __lsx_vst(low_odd, dists, 16);
  __lsx_vst(high_even, dists, 32);
  __lsx_vst(high_odd, dists, 48);
}
