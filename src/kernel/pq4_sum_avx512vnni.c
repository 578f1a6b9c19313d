/* AVX-512 VBMI and VNNI. Four sub-quantisers' tables are 64 bytes, the very size of what vpermb looks up in,
 * so the number of the sub-quantiser becomes two more index bits. One vpermb first brings the four codes of
 * each byte position together into a 32-bit lane (and the lanes into the order of the vectors); then vpdpbusd
 * sums the four look-ups of a lane, into 32 bits, with nothing to carry or to undo. Per 64 bytes of codes: 3
 * vpermb, 3 operations to make the indexes, 2 vpdpbusd. vpermb takes 6 bits of an index and ignores the rest.
 *
 * Intel's 512-bit cores have two ports for these, so 64 bytes cannot take fewer than 4 cycles (5.5 for the 11
 * operations of AVX-512BW); Zen 5 has four, so 2. There the ternary operations and vpdpbusd cost more than
 * their share: the same eight without any dependence take 2.6 cycles (measured), and this loop 2.65.
 */
#include "pq4_sum.h"

#include <immintrin.h>

#if !(defined(__AVX512VBMI__) && defined(__AVX512VNNI__) && defined(__AVX512BW__)) && \
    !defined(LINKDX_BY_FLAGS)
__attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vnni")))
#endif
LINKDX_KERNEL
LINKDX_PQ4_SUM(pq4_sum_avx512vnni) {
  const size_t length = code_length & ~(size_t)31;
  /* Lane v takes, from each of the four groups of 16 bytes, the byte that holds vector v: 2v for v < 8, else
   * 2v - 15. */
  const __m512i by_vector = _mm512_set_epi32(
      0x3f2f1f0f, 0x3d2d1d0d, 0x3b2b1b0b, 0x39291909, 0x37271707, 0x35251505, 0x33231303, 0x31211101,
      0x3e2e1e0e, 0x3c2c1c0c, 0x3a2a1a0a, 0x38281808, 0x36261606, 0x34241404, 0x32221202, 0x30201000);
  const __m512i table_number = _mm512_set1_epi32(0x30201000);
  const __m512i nibble = _mm512_set1_epi8(0x0f);
  const __m512i ones = _mm512_set1_epi8(1);
  __m512i low_sum0 = _mm512_setzero_si512(), high_sum0 = _mm512_setzero_si512();
  __m512i low_sum1 = _mm512_setzero_si512(), high_sum1 = _mm512_setzero_si512();
  size_t i = 0;
  /* 0xea is (a & b) | c. Two pairs of sums, because a vpdpbusd waits four or five cycles for the one before
   * it. */
#define LINKDX_STEP(code, table, low_sum, high_sum)                                                         \
  do {                                                                                                      \
    const __m512i lane = _mm512_permutexvar_epi8(by_vector, code);                                          \
    const __m512i low = _mm512_ternarylogic_epi32(lane, nibble, table_number, 0xea);                        \
    const __m512i high = _mm512_ternarylogic_epi32(_mm512_srli_epi32(lane, 4), nibble, table_number, 0xea); \
    low_sum = _mm512_dpbusd_epi32(low_sum, _mm512_permutexvar_epi8(low, table), ones);                      \
    high_sum = _mm512_dpbusd_epi32(high_sum, _mm512_permutexvar_epi8(high, table), ones);                   \
  } while (0)
  for (; length - i >= 128; i += 128) {
    const __m512i table0 = _mm512_loadu_si512(dist_table + i);
    const __m512i table1 = _mm512_loadu_si512(dist_table + i + 64);
    LINKDX_STEP(_mm512_loadu_si512(codes + i), table0, low_sum0, high_sum0);
    LINKDX_STEP(_mm512_loadu_si512(codes + i + 64), table1, low_sum1, high_sum1);
  }
  for (; i < length; i += 64) {
    /* In a last half step the two tables that are not there are zero, and add nothing. */
    const __mmask8 present = length - i >= 64 ? 0xff : 0x0f;
    const __m512i table = _mm512_maskz_loadu_epi64(present, dist_table + i);
    LINKDX_STEP(_mm512_maskz_loadu_epi64(present, codes + i), table, low_sum0, high_sum0);
  }
#undef LINKDX_STEP
  _mm256_storeu_si256((__m256i*)dists, _mm512_cvtepi32_epi16(_mm512_add_epi32(low_sum0, low_sum1)));
  _mm256_storeu_si256((__m256i*)(dists + 16), _mm512_cvtepi32_epi16(_mm512_add_epi32(high_sum0, high_sum1)));
}
