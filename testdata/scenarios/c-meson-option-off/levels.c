#include "levels.h"

/* The caller asks what it was compiled for, not what was built. */
uint32_t levels_peak(const uint8_t *samples, size_t count) {
#ifdef __AVX2__
  return levels_peak_avx2(samples, count);
#else
  uint32_t peak = 0;
  for (size_t i = 0; i < count; i++)
    if (samples[i] > peak) peak = samples[i];
  return peak;
#endif
}
