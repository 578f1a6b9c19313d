#include "sum_words.h"

#ifdef __AVX2__
#include <immintrin.h>

int sum_words_avx2(const int *words, int count) {
  __m256i sums = _mm256_setzero_si256();
  int i = 0;
  for (; i + 8 <= count; i += 8) sums = _mm256_add_epi32(sums, _mm256_loadu_si256((const __m256i *)(words + i)));
  int lanes[8], sum = 0;
  _mm256_storeu_si256((__m256i *)lanes, sums);
  for (int lane = 0; lane < 8; ++lane) sum += lanes[lane];
  for (; i < count; ++i) sum += words[i];
  return sum;
}
#endif
