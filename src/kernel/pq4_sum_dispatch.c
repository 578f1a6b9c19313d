/* One exported name for all variants: the first call asks the CPU, every call goes on to the best variant.
 *
 * No constructor, so it works however early it is called. Threads that arrive together all compute the same
 * answer and store the same pointer, so no order is needed between them.
 *
 * LINKDX_EXPORT is the name to define. The variants are those of pq4_sum.h for this architecture, without
 * those that the compiler is too old for: LINKDX_WITHOUT_<VARIANT> leaves one out.
 */
#include "cpu_features.h"
#include "pq4_sum.h"

#ifndef LINKDX_EXPORT
#define LINKDX_EXPORT pq4_sum
#endif

LINKDX_PQ4_SUM(LINKDX_EXPORT);

typedef LINKDX_PQ4_SUM(linkdx_pq4_sum_function);

static linkdx_pq4_sum_function* linkdx_pq4_sum_best(void) {
  (void)linkdx_cpu_features; /* not called where there is nothing to choose */
#if defined(__x86_64__)
  const unsigned features = linkdx_cpu_features();
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

#elif defined(__aarch64__) && !defined(__AARCH64EB__)
  /* Cores with SVE of 128 or 256 bits run NEON on as many bits a cycle (two or four pipes of 128: Arm's
   * Neoverse V1, V2 and N2 Software Optimization Guides), and NEON needs fewer operations than SVE and as
   * many as SVE2. */
  const unsigned features = linkdx_cpu_features();
  (void)features;
#ifndef LINKDX_WITHOUT_SVE2
  if ((features & LINKDX_SVE2) && (features & LINKDX_SVE_512)) return pq4_sum_sve2;
#endif
#ifndef LINKDX_WITHOUT_SVE
  if ((features & LINKDX_SVE) && (features & LINKDX_SVE_512)) return pq4_sum_sve;
#endif
  return pq4_sum_neon;

#elif defined(__riscv) && __riscv_xlen == 64
#ifndef LINKDX_WITHOUT_RVV
  if (linkdx_cpu_features() & LINKDX_RVV) return pq4_sum_rvv;
#endif
  return pq4_sum_portable;

#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
  return pq4_sum_vsx;

#elif defined(__loongarch_lp64)
  const unsigned features = linkdx_cpu_features();
  (void)features;
#ifndef LINKDX_WITHOUT_LASX
  if (features & LINKDX_LASX) return pq4_sum_lasx;
#endif
#ifndef LINKDX_WITHOUT_LSX
  if (features & LINKDX_LSX) return pq4_sum_lsx;
#endif
  return pq4_sum_portable;

#elif defined(__wasm__)
#ifndef LINKDX_WITHOUT_SIMD128
  if (linkdx_cpu_features() & LINKDX_SIMD128) return pq4_sum_simd128;
#endif
  return pq4_sum_portable;

#else
  return pq4_sum_portable;
#endif
}

LINKDX_PQ4_SUM(LINKDX_EXPORT) {
  static linkdx_pq4_sum_function* chosen;
  linkdx_pq4_sum_function* function = __atomic_load_n(&chosen, __ATOMIC_RELAXED);
  if (!function) {
    function = linkdx_pq4_sum_best();
    __atomic_store_n(&chosen, function, __ATOMIC_RELAXED);
  }
  function(codes, code_length, dist_table, dists);
}
