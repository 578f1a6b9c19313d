/* One exported name for all variants of a kernel of f16.h, chosen at the first call as pq4_sum_dispatch.c
 * describes.
 *
 * <kernel>_dispatch.c defines LINKDX_F16_SIGNATURE(name), LINKDX_F16_ARGUMENTS and LINKDX_F16_OF(variant),
 * the name of a variant. LINKDX_EXPORT is the name to define, LINKDX_WITHOUT_<VARIANT> leaves one out.
 */
#include "cpu_features.h"
#include "f16.h"

LINKDX_F16_SIGNATURE(LINKDX_EXPORT);

typedef LINKDX_F16_SIGNATURE(LINKDX_F16_OF(function));

static LINKDX_F16_OF(function) * LINKDX_F16_OF(best)(void) {
  (void)linkdx_cpu_features; /* not called where there is nothing to choose */
#if defined(__x86_64__)
  const unsigned features = linkdx_cpu_features();
  (void)features;
#ifndef LINKDX_WITHOUT_AVX512
  if (features & LINKDX_AVX512BW) return LINKDX_F16_OF(avx512);
#endif
#ifndef LINKDX_WITHOUT_F16C
  if (features & LINKDX_F16C) return LINKDX_F16_OF(f16c);
#endif
  return LINKDX_F16_OF(portable);
#elif defined(__aarch64__) && !defined(__AARCH64EB__)
  return LINKDX_F16_OF(neon);
#elif defined(__loongarch_lp64)
  const unsigned features = linkdx_cpu_features();
  (void)features;
#ifndef LINKDX_WITHOUT_LASX
  if (features & LINKDX_LASX) return LINKDX_F16_OF(lasx);
#endif
#ifndef LINKDX_WITHOUT_LSX
  if (features & LINKDX_LSX) return LINKDX_F16_OF(lsx);
#endif
  return LINKDX_F16_OF(portable);
#else
  return LINKDX_F16_OF(portable);
#endif
}

LINKDX_F16_SIGNATURE(LINKDX_EXPORT) {
  static LINKDX_F16_OF(function) * chosen;
  LINKDX_F16_OF(function)* function = __atomic_load_n(&chosen, __ATOMIC_RELAXED);
  if (!function) {
    function = LINKDX_F16_OF(best)();
    __atomic_store_n(&chosen, function, __ATOMIC_RELAXED);
  }
  return function LINKDX_F16_ARGUMENTS;
}
