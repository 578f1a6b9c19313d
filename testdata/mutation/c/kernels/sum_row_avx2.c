#include "kernels.h"

#ifdef __AVX2__
#include <immintrin.h>

uint32_t sum_row_avx2(const uint8_t *row, size_t length) {
  __m256i sum = _mm256_setzero_si256();
  size_t i = 0;
  for (; i + 32 <= length; i += 32)
    sum = _mm256_add_epi64(sum, _mm256_sad_epu8(_mm256_loadu_si256((const __m256i *)(row + i)), _mm256_setzero_si256()));
  uint64_t parts[4];
  _mm256_storeu_si256((__m256i *)parts, sum);
  return (uint32_t)(parts[0] + parts[1] + parts[2] + parts[3]) + sum_row_portable(row + i, length - i);
}
#endif
