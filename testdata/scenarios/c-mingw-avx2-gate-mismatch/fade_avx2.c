#ifdef __AVX2__
#include <immintrin.h>

void fade_row_avx2(unsigned short *row, int length) {
  for (int i = 0; i + 16 <= length; i += 16) {
    __m256i *at = (__m256i *)(row + i);
    _mm256_storeu_si256(at, _mm256_srli_epi16(_mm256_loadu_si256(at), 1));
  }
}
#endif
