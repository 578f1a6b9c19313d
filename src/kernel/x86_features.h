/* Which vector instructions this x86 CPU has and the operating system saves, asked of the CPU itself.
 *
 * cpuid says what the CPU has; xgetbv says which registers the system saves when it switches threads, without
 * which the wide instructions must not be used (Intel SDM volume 1, 13.3, 14.3 and 15.2 to 15.4).
 * __builtin_cpu_supports is not used: it needs a constructor in the compiler's runtime library.
 *
 * On macOS a thread's upper AVX-512 state is turned on at its first use, and xgetbv does not show it before.
 * AVX2 is chosen there: Darwin before 21.3 (macOS 12.2) loses mask registers when a signal comes (golang/go
 * issue 49233), so to use AVX-512 one would have to ask for the kernel's version too.
 */
#ifndef LINKDX_X86_FEATURES_H
#define LINKDX_X86_FEATURES_H

#include <cpuid.h>

enum {
  LINKDX_SSSE3 = 1,
  LINKDX_AVX2 = 2,
  LINKDX_AVX512BW = 4,   /* F and BW */
  LINKDX_AVX512VNNI = 8, /* F, BW, VBMI and VNNI */
  LINKDX_F16C = 16,      /* F16C and FMA */
};

static unsigned linkdx_cpu_features(void) {
  unsigned eax, ebx, ecx, edx, saved = 0, found = 0;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) return 0;
  if (ecx & 1u << 9) found |= LINKDX_SSSE3;
  if (ecx & 1u << 27) {
    /* xgetbv, in bytes: old assemblers do not know its name. */
    unsigned upper;
    __asm__ volatile(".byte 0x0f, 0x01, 0xd0" : "=a"(saved), "=d"(upper) : "c"(0));
  }
  if (!(ecx & 1u << 28) || (saved & 0x06) != 0x06) return found; /* AVX, and its registers saved */
  if ((ecx & 1u << 29) && (ecx & 1u << 12)) found |= LINKDX_F16C;
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return found;
  if (ebx & 1u << 5) found |= LINKDX_AVX2;
  if ((saved & 0xe6) != 0xe6) return found; /* the AVX-512 registers saved */
  if (!(ebx & 1u << 16) || !(ebx & 1u << 30)) return found;
  found |= LINKDX_AVX512BW;
  if ((ecx & 1u << 1) && (ecx & 1u << 11)) found |= LINKDX_AVX512VNNI;
  return found;
}

#endif
