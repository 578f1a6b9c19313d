/* AVX-512F converts 16 numbers at a time; AVX-512BW loads as many of them as are left. AVX512-FP16 would not
 * help: it adds in half precision. */
#include "f16.h"

#include <immintrin.h>

#define VARIANT avx512
#if !(defined(__AVX512F__) && defined(__AVX512BW__)) && !defined(LINKDX_BY_FLAGS)
#define TARGET __attribute__((target("avx512f,avx512bw")))
#else
#define TARGET
#endif
#define V __m512
#define LANES 16
#define SOME 16
#define ZERO _mm512_setzero_ps()
#define LOAD(p) _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i*)(const void*)(p)))
#define LOAD_SOME(p, count) \
  _mm512_cvtph_ps(_mm512_castsi512_si256(_mm512_maskz_loadu_epi16((__mmask32)((1u << (count)) - 1), p)))
#define MULTIPLY_ADD(a, b, c) _mm512_fmadd_ps(a, b, c)
#define SUBTRACT(a, b) _mm512_sub_ps(a, b)
#define ADD(a, b) _mm512_add_ps(a, b)
#define SUM(v)                                                                              \
  __extension__({                                                                           \
    const __m512 v_ = (v);                                                                  \
    const __m512 half_ = _mm512_add_ps(v_, _mm512_shuffle_f32x4(v_, v_, 0x4e));             \
    const __m512 quarter_ = _mm512_add_ps(half_, _mm512_shuffle_f32x4(half_, half_, 0xb1)); \
    const __m128 four_ = _mm512_castps512_ps128(quarter_);                                  \
    const __m128 two_ = _mm_add_ps(four_, _mm_movehl_ps(four_, four_));                     \
    _mm_cvtss_f32(_mm_add_ss(two_, _mm_shuffle_ps(two_, two_, 1)));                         \
  })
#define SQUARE_ROOT(f) _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(f)))
#include "f16_body.h"
