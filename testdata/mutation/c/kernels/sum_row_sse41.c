#include "kernels.h"

#if defined(__SSE4_1__)
#include <smmintrin.h>

uint32_t sum_row_sse41(const uint8_t *row, size_t length) {
  __m128i sum = _mm_setzero_si128();
  size_t i = 0;
  for (; i + 4 <= length; i += 4) sum = _mm_add_epi32(sum, _mm_cvtepu8_epi32(_mm_loadu_si32(row + i)));
  sum = _mm_add_epi32(sum, _mm_srli_si128(sum, 8));
  sum = _mm_add_epi32(sum, _mm_srli_si128(sum, 4));
  return (uint32_t)_mm_cvtsi128_si32(sum) + sum_row_portable(row + i, length - i);
}
#endif
