/* AVX-512BW: four sub-quantisers a step, and 32 bytes that may be left over with the upper half of the
 * register zero: a zero table adds nothing. Per 64 bytes of codes: 2 look-ups, 3 operations to split the
 * nibbles, 6 to sum them.
 */
#include "pq4_sum.h"

#include <immintrin.h>

#if !defined(__AVX512BW__) && !defined(LINKDX_BY_FLAGS)
__attribute__((target("avx512f,avx512bw")))
#endif
LINKDX_KERNEL
LINKDX_PQ4_SUM(pq4_sum_avx512bw) {
  const size_t length = code_length & ~(size_t)31;
  const __m512i nibble = _mm512_set1_epi8(0x0f);
  /* `all` counts the odd bytes 256-fold beside the even ones; `odd` counts them alone, and is taken off at
   * the end. */
  __m512i low_all = _mm512_setzero_si512(), low_odd = _mm512_setzero_si512();
  __m512i high_all = _mm512_setzero_si512(), high_odd = _mm512_setzero_si512();
  __m512i low_even, high_even, low_sums, high_sums;
  size_t i;
  for (i = 0; i < length; i += 64) {
    __m512i code, table, low, high;
    if (length - i >= 64) {
      code = _mm512_loadu_si512(codes + i);
      table = _mm512_loadu_si512(dist_table + i);
    } else {
      code = _mm512_maskz_loadu_epi64(0x0f, codes + i);
      table = _mm512_maskz_loadu_epi64(0x0f, dist_table + i);
    }
    low = _mm512_shuffle_epi8(table, _mm512_and_si512(code, nibble));
    high = _mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi16(code, 4), nibble));
    low_all = _mm512_add_epi16(low_all, low);
    low_odd = _mm512_add_epi16(low_odd, _mm512_srli_epi16(low, 8));
    high_all = _mm512_add_epi16(high_all, high);
    high_odd = _mm512_add_epi16(high_odd, _mm512_srli_epi16(high, 8));
  }
  low_even = _mm512_sub_epi16(low_all, _mm512_slli_epi16(low_odd, 8));
  high_even = _mm512_sub_epi16(high_all, _mm512_slli_epi16(high_odd, 8));
  /* The four quarters of each hold four sub-quantisers' sums of the same 8 vectors: add quarters 0+1 and 2+3,
   * then those. */
  low_sums = _mm512_add_epi16(_mm512_shuffle_i64x2(low_even, low_odd, 0x88),
                              _mm512_shuffle_i64x2(low_even, low_odd, 0xdd));
  high_sums = _mm512_add_epi16(_mm512_shuffle_i64x2(high_even, high_odd, 0x88),
                               _mm512_shuffle_i64x2(high_even, high_odd, 0xdd));
  _mm512_storeu_si512(dists, _mm512_add_epi16(_mm512_shuffle_i64x2(low_sums, high_sums, 0x88),
                                              _mm512_shuffle_i64x2(low_sums, high_sums, 0xdd)));
}
