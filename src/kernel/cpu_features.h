/* What this CPU can execute, asked at run time: linkdx_cpu_features() is a set of the bits that the `needs`
 * column of variants.inc names. One header for each architecture says how it is asked; where nothing has to
 * be asked the set is known when the code is compiled. No answer needs a constructor, an open file or memory,
 * so it may be asked from any thread, early and inside a sandbox. */
#ifndef LINKDX_CPU_FEATURES_H
#define LINKDX_CPU_FEATURES_H

#if defined(__x86_64__)
#include "x86_features.h"
#elif defined(__aarch64__)
#include "aarch64_features.h"
#elif defined(__riscv)
#include "riscv_features.h"
#elif defined(__loongarch__)
#include "loongarch_features.h"
#elif defined(__wasm__)
/* A WebAssembly module with an instruction that the engine does not know is refused as a whole, so a module
 * cannot choose: its vector code is there if it was compiled with -msimd128. */
enum { LINKDX_SIMD128 = 1 };
static unsigned linkdx_cpu_features(void) {
#ifdef __wasm_simd128__
  return LINKDX_SIMD128;
#else
  return 0;
#endif
}
#else
static unsigned linkdx_cpu_features(void) {
  return 0;
}
#endif

#endif
