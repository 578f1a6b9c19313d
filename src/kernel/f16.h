/* Four kernels over vectors of half-precision numbers: a norm, a product and two distances.
 *
 *   f16_norm_l2(x, n)             sqrt(sum x[i]^2)
 *   f16_dot(x, y, n)              sum x[i] * y[i]
 *   f16_l2(x, y, n)               sum (x[i] - y[i])^2: the squared distance
 *   f16_cosine(x, x_norm, y, n)   1 - dot(x, y) / (x_norm * norm_l2(y)); the caller knows the norm of x
 *
 * Names, arguments and meaning are those of lance's f16.c (rust/lance-linalg/src/simd/f16.c and its callers
 * in src/distance/{norm_l2,dot,l2,cosine}.rs), which takes the numbers as _Float16. Here they are their 16
 * bits (IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction), because not every compiler knows that
 * type on every target; for a pointer it is the same in every calling convention.
 *
 *   x, y   n numbers each; aligned to 2 bytes. May overlap. Nothing else is read.
 *   n      0 included: norm, dot and l2 of nothing are 0, and f16_cosine is then 1 - 0/0, which is NaN.
 *
 * The numbers become floats, exactly. Products of two are exact too, differences are rounded once, and
 * everything is summed in float, in whatever order a variant finds fast, fused multiply-add or not. So
 * results differ in their last bits between variants. Against exact arithmetic the error of a sum is at most
 * (n + 4) * 2^-24 * sum |term|, to first order (Higham, Accuracy and Stability of Numerical Algorithms,
 * section 4.2), and no sum of finite numbers overflows: 2^32 terms of 65504^2 stay below 2^64. The square
 * root is correctly rounded. Infinities and NaNs in the input give what IEEE 754 says.
 */
#ifndef LINKDX_F16_H
#define LINKDX_F16_H

#include <stddef.h>
#include <stdint.h>

/* Linkage of the variants. */
#ifndef LINKDX_KERNEL
#define LINKDX_KERNEL
#endif

#define LINKDX_NORM_L2_F16(name) float name(const uint16_t* x, uint32_t n)
#define LINKDX_DOT_F16(name) float name(const uint16_t* x, const uint16_t* y, uint32_t n)
#define LINKDX_L2_F16(name) float name(const uint16_t* x, const uint16_t* y, uint32_t n)
#define LINKDX_COSINE_F16(name) float name(const uint16_t* x, float x_norm, const uint16_t* y, uint32_t n)

#define LINKDX_F16_VARIANT(variant)                        \
  LINKDX_KERNEL LINKDX_NORM_L2_F16(f16_norm_l2_##variant); \
  LINKDX_KERNEL LINKDX_DOT_F16(f16_dot_##variant);         \
  LINKDX_KERNEL LINKDX_L2_F16(f16_l2_##variant);           \
  LINKDX_KERNEL LINKDX_COSINE_F16(f16_cosine_##variant)

#ifdef __cplusplus
extern "C" {
#endif
LINKDX_F16_VARIANT(portable);
#if defined(__x86_64__)
LINKDX_F16_VARIANT(f16c);
LINKDX_F16_VARIANT(avx512);
#elif defined(__aarch64__) && !defined(__AARCH64EB__)
LINKDX_F16_VARIANT(neon);
#elif defined(__loongarch_lp64)
LINKDX_F16_VARIANT(lsx);
LINKDX_F16_VARIANT(lasx);
#endif
#ifdef __cplusplus
}
#endif

#endif
