/* One exported name for all variants: the first call asks the CPU, every call goes on to the best variant.
 *
 * No constructor, so it works however early it is called. Threads that arrive together all compute the same answer and
 * store the same pointer, so no order is needed between them.
 *
 * LINKDX_EXPORT is the name to define. The variants are those of pq4_sum.h for this architecture, without those that the
 * compiler is too old for: LINKDX_WITHOUT_<VARIANT> leaves one out.
 */
#if defined(__x86_64__) || defined(__i386__)
#define LINKDX_PQ4_SUM_X86
#elif defined(__aarch64__) && !defined(__AARCH64EB__)
#define LINKDX_PQ4_SUM_NEON
#endif
#include "pq4_sum.h"

#ifndef LINKDX_EXPORT
#define LINKDX_EXPORT pq4_sum
#endif

LINKDX_PQ4_SUM(LINKDX_EXPORT);

#ifdef LINKDX_PQ4_SUM_X86
#include "x86_features.h"

typedef LINKDX_PQ4_SUM(linkdx_pq4_sum_function);

static linkdx_pq4_sum_function *linkdx_pq4_sum_best(void) {
  const unsigned features = linkdx_x86_features();
  (void)features;
#ifndef LINKDX_WITHOUT_AVX512VNNI
  if (features & LINKDX_AVX512VNNI) return pq4_sum_avx512vnni;
#endif
#ifndef LINKDX_WITHOUT_AVX512BW
  if (features & LINKDX_AVX512BW) return pq4_sum_avx512bw;
#endif
#ifndef LINKDX_WITHOUT_AVX2
  if (features & LINKDX_AVX2) return pq4_sum_avx2;
#endif
#ifndef LINKDX_WITHOUT_SSSE3
  if (features & LINKDX_SSSE3) return pq4_sum_ssse3;
#endif
  return pq4_sum_portable;
}

LINKDX_PQ4_SUM(LINKDX_EXPORT) {
  static linkdx_pq4_sum_function *chosen;
  linkdx_pq4_sum_function *function = __atomic_load_n(&chosen, __ATOMIC_RELAXED);
  if (!function) {
    function = linkdx_pq4_sum_best();
    __atomic_store_n(&chosen, function, __ATOMIC_RELAXED);
  }
  function(codes, code_length, dist_table, dists);
}
#elif defined(LINKDX_PQ4_SUM_NEON)
LINKDX_PQ4_SUM(LINKDX_EXPORT) { pq4_sum_neon(codes, code_length, dist_table, dists); }
#else
LINKDX_PQ4_SUM(LINKDX_EXPORT) { pq4_sum_portable(codes, code_length, dist_table, dists); }
#endif
