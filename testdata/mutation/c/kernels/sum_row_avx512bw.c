#include "kernels.h"

#ifdef __AVX512BW__
#include <immintrin.h>

uint32_t sum_row_avx512bw(const uint8_t *row, size_t length) {
  __m512i sum = _mm512_setzero_si512();
  size_t i = 0;
  for (; i + 64 <= length; i += 64)
    sum = _mm512_add_epi64(sum, _mm512_sad_epu8(_mm512_loadu_si512(row + i), _mm512_setzero_si512()));
  return (uint32_t)_mm512_reduce_add_epi64(sum) + sum_row_portable(row + i, length - i);
}
#endif
