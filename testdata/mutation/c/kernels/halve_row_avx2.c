#include "kernels.h"

#if defined(__AVX2__)
#include <immintrin.h>

void halve_row_avx2(uint8_t *row, size_t length) {
  const __m256i low = _mm256_set1_epi8(0x7f);
  size_t i = 0;
  for (; i + 32 <= length; i += 32) {
    __m256i values = _mm256_loadu_si256((const __m256i *)(row + i));
    _mm256_storeu_si256((__m256i *)(row + i), _mm256_and_si256(_mm256_srli_epi16(values, 1), low));
  }
  halve_row_portable(row + i, length - i);
}
#endif
