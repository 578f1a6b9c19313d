#include <stddef.h>
#include <stdint.h>

#ifdef __AVX2__
#include <immintrin.h>

void clip_row_avx2(uint8_t *row, size_t length, uint8_t most) {
  size_t i = 0;
  for (; i + 32 <= length; i += 32) {
    __m256i values = _mm256_loadu_si256((const __m256i *)(row + i));
    _mm256_storeu_si256((__m256i *)(row + i), _mm256_min_epu8(values, _mm256_set1_epi8((char)most)));
  }
  for (; i < length; ++i) row[i] = row[i] < most ? row[i] : most;
}
#endif
