/* F16C and FMA: vcvtph2ps makes eight floats of eight half-precision numbers. */
#include "f16.h"

#include <immintrin.h>

#define VARIANT f16c
#if !(defined(__F16C__) && defined(__FMA__)) && !defined(LINKDX_BY_FLAGS)
#define TARGET __attribute__((target("f16c,fma")))
#else
#define TARGET
#endif
#define V __m256
#define LANES 8
#define SOME 1
#define ZERO _mm256_setzero_ps()
#define LOAD(p) _mm256_cvtph_ps(_mm_loadu_si128((const __m128i*)(const void*)(p)))
#define LOAD_SOME(p, count) _mm256_cvtph_ps(_mm_cvtsi32_si128(*(p)))
#define MULTIPLY_ADD(a, b, c) _mm256_fmadd_ps(a, b, c)
#define SUBTRACT(a, b) _mm256_sub_ps(a, b)
#define ADD(a, b) _mm256_add_ps(a, b)
#define SUM(v)                                                                                 \
  __extension__({                                                                              \
    const __m256 v_ = (v);                                                                     \
    const __m128 four_ = _mm_add_ps(_mm256_castps256_ps128(v_), _mm256_extractf128_ps(v_, 1)); \
    const __m128 two_ = _mm_add_ps(four_, _mm_movehl_ps(four_, four_));                        \
    _mm_cvtss_f32(_mm_add_ss(two_, _mm_shuffle_ps(two_, two_, 1)));                            \
  })
#define SQUARE_ROOT(f) _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(f)))
#include "f16_body.h"
