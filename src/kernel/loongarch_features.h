/* LSX and LASX of this LoongArch CPU.
 *
 * cpucfg says what the CPU has, to any program, also where the kernel is too old to turn the vector units on
 * (Linux before 6.5), so it is not enough. AT_HWCAP says what may be used (Linux,
 * arch/loongarch/include/uapi/asm/hwcap.h). getauxval: glibc and musl have had it since before they ran on
 * LoongArch.
 */
#ifndef LINKDX_LOONGARCH_FEATURES_H
#define LINKDX_LOONGARCH_FEATURES_H

enum {
  LINKDX_LSX = 1,
  LINKDX_LASX = 2,
};

#ifdef __linux__
unsigned long getauxval(unsigned long type);

static unsigned linkdx_cpu_features(void) {
  const unsigned long found = getauxval(16); /* AT_HWCAP; HWCAP_LOONGARCH_LSX, HWCAP_LOONGARCH_LASX */
  return (found & 1ul << 4 ? LINKDX_LSX : 0) | (found & 1ul << 5 ? LINKDX_LASX : 0);
}
#else
static unsigned linkdx_cpu_features(void) {
  return 0;
}
#endif

#endif
