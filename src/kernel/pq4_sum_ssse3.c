/* SSSE3: pshufb looks up 16 codes at once, one sub-quantiser a step. Per 16 bytes of codes: 2 look-ups, 3
 * operations to split the nibbles, 6 to sum them.
 */
#include "pq4_sum.h"

#include <tmmintrin.h>

#if !defined(__SSSE3__) && !defined(LINKDX_BY_FLAGS)
__attribute__((target("ssse3")))
#endif
LINKDX_KERNEL
LINKDX_PQ4_SUM(pq4_sum_ssse3) {
  const size_t length = code_length & ~(size_t)31;
  const __m128i nibble = _mm_set1_epi8(0x0f);
  /* `all` counts the odd bytes 256-fold beside the even ones; `odd` counts them alone, and is taken off at
   * the end. */
  __m128i low_all = _mm_setzero_si128(), low_odd = _mm_setzero_si128();
  __m128i high_all = _mm_setzero_si128(), high_odd = _mm_setzero_si128();
  size_t i;
  for (i = 0; i < length; i += 16) {
    const __m128i code = _mm_loadu_si128((const __m128i*)(codes + i));
    const __m128i table = _mm_loadu_si128((const __m128i*)(dist_table + i));
    const __m128i low = _mm_shuffle_epi8(table, _mm_and_si128(code, nibble));
    const __m128i high = _mm_shuffle_epi8(table, _mm_and_si128(_mm_srli_epi16(code, 4), nibble));
    low_all = _mm_add_epi16(low_all, low);
    low_odd = _mm_add_epi16(low_odd, _mm_srli_epi16(low, 8));
    high_all = _mm_add_epi16(high_all, high);
    high_odd = _mm_add_epi16(high_odd, _mm_srli_epi16(high, 8));
  }
  _mm_storeu_si128((__m128i*)dists, _mm_sub_epi16(low_all, _mm_slli_epi16(low_odd, 8)));
  _mm_storeu_si128((__m128i*)(dists + 8), low_odd);
  _mm_storeu_si128((__m128i*)(dists + 16), _mm_sub_epi16(high_all, _mm_slli_epi16(high_odd, 8)));
  _mm_storeu_si128((__m128i*)(dists + 24), high_odd);
}
