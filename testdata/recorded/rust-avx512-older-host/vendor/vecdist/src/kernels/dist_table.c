#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

uint64_t dist_table_sum_avx512(const uint8_t *table, const uint8_t *codes, size_t length) {
  const __m512i lookup = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)table));
  const __m512i low_bits = _mm512_set1_epi8(15);
  __m512i sums = _mm512_setzero_si512();
  size_t i = 0;
  for (; i + 64 <= length; i += 64) {
    const __m512i code = _mm512_loadu_si512(codes + i);
    const __m512i low = _mm512_shuffle_epi8(lookup, _mm512_and_si512(code, low_bits));
    const __m512i high = _mm512_shuffle_epi8(lookup, _mm512_and_si512(_mm512_srli_epi16(code, 4), low_bits));
    sums = _mm512_add_epi64(sums, _mm512_sad_epu8(low, _mm512_setzero_si512()));
    sums = _mm512_add_epi64(sums, _mm512_sad_epu8(high, _mm512_setzero_si512()));
  }
  uint64_t sum = (uint64_t)_mm512_reduce_add_epi64(sums);
  for (; i < length; ++i) sum += table[codes[i] & 15] + table[codes[i] >> 4];
  return sum;
}
