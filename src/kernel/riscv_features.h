/* The vector extension 1.0 of this RISC-V CPU.
 *
 * Bit V of Linux's AT_HWCAP alone proves nothing: kernels that vendors shipped for CPUs with the incompatible
 * draft 0.7.1 set it too. The system call riscv_hwprobe means 1.0 by its bit (Linux,
 * Documentation/arch/riscv/hwprobe.rst: "The V extension is supported, as defined by version 1.0"), for all
 * CPUs that are online. It is made only where AT_HWCAP has the bit, so elsewhere not even a strict system
 * call filter sees it. Linux knows hwprobe since 6.4 and vectors since 6.5. getauxval: glibc and musl have
 * had it since before they ran on RISC-V.
 */
#ifndef LINKDX_RISCV_FEATURES_H
#define LINKDX_RISCV_FEATURES_H

enum { LINKDX_RVV = 1 };

#if defined(__linux__) && __riscv_xlen == 64
unsigned long getauxval(unsigned long type);

static unsigned linkdx_cpu_features(void) {
  struct {
    long long key;
    unsigned long long value;
  } pair = {4, 0};                          /* RISCV_HWPROBE_KEY_IMA_EXT_0 */
  register long number __asm__("a7") = 258; /* riscv_hwprobe(pairs, pair_count, cpusetsize, cpus, flags) */
  register long pairs_or_result __asm__("a0") = (long)&pair;
  register long pair_count __asm__("a1") = 1;
  register long cpu_set_size __asm__("a2") = 0;
  register long cpu_set __asm__("a3") = 0;
  register long flags __asm__("a4") = 0;
  if (!(getauxval(16) & 1ul << ('V' - 'A'))) return 0; /* AT_HWCAP */
  __asm__ volatile("ecall"
                   : "+r"(pairs_or_result)
                   : "r"(number), "r"(pair_count), "r"(cpu_set_size), "r"(cpu_set), "r"(flags)
                   : "memory");
  return pairs_or_result == 0 && pair.key == 4 && (pair.value & 1u << 2) ? LINKDX_RVV
                                                                         : 0; /* RISCV_HWPROBE_IMA_V */
}
#else
static unsigned linkdx_cpu_features(void) {
  return 0;
}
#endif

#endif
