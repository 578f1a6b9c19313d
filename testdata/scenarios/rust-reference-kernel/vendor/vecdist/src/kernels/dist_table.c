#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

/* The sums of one sub-quantiser after the other; each register holds those of 32 vectors. */
void sum_4bit_dist_table_32bytes_batch_avx512(const uint8_t *codes, size_t code_length, const uint8_t *dist_table, uint16_t *dists) {
  static const uint8_t order[16] = {0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15};
  __m512i sums = _mm512_setzero_si512();
  for (size_t i = 0; i < code_length; i += 16) {
    uint16_t found[32];
    for (size_t j = 0; j < 16; ++j) {
      found[order[j]] = dist_table[i + (codes[i + j] & 15)];
      found[16 + order[j]] = dist_table[i + (codes[i + j] >> 4)];
    }
    sums = _mm512_add_epi16(sums, _mm512_loadu_si512(found));
  }
  _mm512_storeu_si512(dists, sums);
}
