/* AVX2: vpshufb looks up in each half of a register on its own, so a 32-byte block of two sub-quantisers is
 * one step. Per 32 bytes of codes: 2 look-ups, 3 operations to split the nibbles, 6 to sum them.
 */
#include "pq4_sum.h"

#include <immintrin.h>

#if !defined(__AVX2__) && !defined(LINKDX_BY_FLAGS)
__attribute__((target("avx2")))
#endif
LINKDX_KERNEL
LINKDX_PQ4_SUM(pq4_sum_avx2) {
  const size_t length = code_length & ~(size_t)31;
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  /* `all` counts the odd bytes 256-fold beside the even ones; `odd` counts them alone, and is taken off at
   * the end. */
  __m256i low_all = _mm256_setzero_si256(), low_odd = _mm256_setzero_si256();
  __m256i high_all = _mm256_setzero_si256(), high_odd = _mm256_setzero_si256();
  __m256i low_even, high_even;
  size_t i;
  for (i = 0; i < length; i += 32) {
    const __m256i code = _mm256_loadu_si256((const __m256i*)(codes + i));
    const __m256i table = _mm256_loadu_si256((const __m256i*)(dist_table + i));
    const __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(code, nibble));
    const __m256i high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(code, 4), nibble));
    low_all = _mm256_add_epi16(low_all, low);
    low_odd = _mm256_add_epi16(low_odd, _mm256_srli_epi16(low, 8));
    high_all = _mm256_add_epi16(high_all, high);
    high_odd = _mm256_add_epi16(high_odd, _mm256_srli_epi16(high, 8));
  }
  low_even = _mm256_sub_epi16(low_all, _mm256_slli_epi16(low_odd, 8));
  high_even = _mm256_sub_epi16(high_all, _mm256_slli_epi16(high_odd, 8));
  /* The two halves hold two sub-quantisers' sums of the same vectors. */
  _mm256_storeu_si256((__m256i*)dists, _mm256_add_epi16(_mm256_permute2x128_si256(low_even, low_odd, 0x20),
                                                        _mm256_permute2x128_si256(low_even, low_odd, 0x31)));
  _mm256_storeu_si256((__m256i*)(dists + 16),
                      _mm256_add_epi16(_mm256_permute2x128_si256(high_even, high_odd, 0x20),
                                       _mm256_permute2x128_si256(high_even, high_odd, 0x31)));
}
