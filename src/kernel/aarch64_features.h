/* SVE and SVE2 of this AArch64 CPU. NEON every one has.
 *
 * Linux says in the auxiliary vector which extensions it found and saves on a thread switch (Linux,
 * Documentation/arch/arm64/elf_hwcaps.rst); getauxval reads it from memory. glibc has it since 2.16 and musl
 * since 1.1.0, both before they ran on AArch64, Android since 4.3. Apple's CPUs have no SVE outside of their
 * streaming mode. Elsewhere nothing is asked and NEON is used, which is right if not fastest.
 */
#ifndef LINKDX_AARCH64_FEATURES_H
#define LINKDX_AARCH64_FEATURES_H

enum {
  LINKDX_SVE = 1,
  LINKDX_SVE2 = 2,
  LINKDX_SVE_512 = 4, /* vectors of 512 bits or more */
};

#ifdef __linux__
unsigned long getauxval(unsigned long type);

static unsigned linkdx_cpu_features(void) {
  unsigned found = 0;
  register unsigned long vector_bytes __asm__("x0");
  if (!(getauxval(16) & 1ul << 22)) return 0; /* AT_HWCAP, HWCAP_SVE */
  found |= LINKDX_SVE;
  if (getauxval(26) & 1ul << 1) found |= LINKDX_SVE2;        /* AT_HWCAP2, HWCAP2_SVE2 */
  __asm__ volatile(".inst 0x04bf5020" : "=r"(vector_bytes)); /* rdvl x0, #1 */
  if (vector_bytes >= 64) found |= LINKDX_SVE_512;
  return found;
}
#else
static unsigned linkdx_cpu_features(void) {
  return 0;
}
#endif

#endif
