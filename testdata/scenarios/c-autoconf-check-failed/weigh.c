#include <sys/auxv.h>

#include "weigh.h"

/* HWCAP_ASIMDDP: the CPU has UDOT. */
uint32_t weigh(const uint8_t *a, const uint8_t *b, size_t count) {
  if (getauxval(AT_HWCAP) & (1 << 20)) return weigh_dotprod(a, b, count);
  uint32_t sum = 0;
  for (size_t i = 0; i < count; i++) sum += (uint32_t)a[i] * b[i];
  return sum;
}
