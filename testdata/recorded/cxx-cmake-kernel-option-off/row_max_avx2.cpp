#include <immintrin.h>

#include "rowops.hpp"

namespace rowops {

float row_max_avx2(const float *row, std::size_t length) {
  __m256 best = _mm256_loadu_ps(row);
  std::size_t i = 8;
  for (; i + 8 <= length; i += 8) best = _mm256_max_ps(best, _mm256_loadu_ps(row + i));
  float lanes[8];
  _mm256_storeu_ps(lanes, best);
  float max = lanes[0];
  for (float lane : lanes) max = lane > max ? lane : max;
  for (; i < length; ++i) max = row[i] > max ? row[i] : max;
  return max;
}

}  // namespace rowops
