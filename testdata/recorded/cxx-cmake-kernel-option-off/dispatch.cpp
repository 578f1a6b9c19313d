#include "rowops.hpp"

namespace rowops {

float row_max(const float *row, std::size_t length) {
  if (__builtin_cpu_supports("avx2") && length >= 8) return row_max_avx2(row, length);
  float max = row[0];
  for (std::size_t i = 1; i < length; ++i) max = row[i] > max ? row[i] : max;
  return max;
}

}  // namespace rowops
