#include <stddef.h>
#include <stdint.h>

uint32_t levels_peak(const uint8_t *samples, size_t count);
uint32_t levels_peak_avx2(const uint8_t *samples, size_t count);
