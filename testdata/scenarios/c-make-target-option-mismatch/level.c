#include <immintrin.h>

int level(const int *row) {
  __m256i sum = _mm256_hadd_epi32(_mm256_loadu_si256((const __m256i *)row), _mm256_setzero_si256());
  return _mm256_extract_epi32(sum, 0) + _mm256_extract_epi32(sum, 1) + _mm256_extract_epi32(sum, 4) +
         _mm256_extract_epi32(sum, 5);
}
