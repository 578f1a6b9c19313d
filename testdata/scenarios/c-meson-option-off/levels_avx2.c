#include <immintrin.h>

#include "levels.h"

uint32_t levels_peak_avx2(const uint8_t *samples, size_t count) {
  __m256i peaks = _mm256_setzero_si256();
  size_t i = 0;
  for (; i + 32 <= count; i += 32)
    peaks = _mm256_max_epu8(peaks, _mm256_loadu_si256((const __m256i *)(samples + i)));
  uint8_t lanes[32];
  _mm256_storeu_si256((__m256i *)lanes, peaks);
  uint32_t peak = 0;
  for (int lane = 0; lane < 32; lane++)
    if (lanes[lane] > peak) peak = lanes[lane];
  for (; i < count; i++)
    if (samples[i] > peak) peak = samples[i];
  return peak;
}
