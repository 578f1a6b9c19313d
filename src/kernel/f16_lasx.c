/* LoongArch LASX: xvfcvtl.s.h makes floats of the lower four half-precision numbers of each half of a
 * register, so four are put into each half. */
#include "f16.h"

#include <lasxintrin.h>
#include <lsxintrin.h>

#define VARIANT lasx
#if !defined(__loongarch_asx) && !defined(LINKDX_BY_FLAGS)
#define TARGET __attribute__((target("lasx")))
#else
#define TARGET
#endif
#define V __m256
#define LANES 8
#define SOME 1
#define ZERO ((__m256)__lasx_xvldi(0))
/* Doublewords 0 and 2, the first of each half, get four numbers each. */
#define LINKDX_FOURS(p, doubleword)                       \
  __extension__({                                         \
    long eight_;                                          \
    __builtin_memcpy(&eight_, (p) + 4 * (doubleword), 8); \
    eight_;                                               \
  })
#define LOAD(p)                                                                                       \
  __lasx_xvfcvtl_s_h(__lasx_xvinsgr2vr_d(__lasx_xvinsgr2vr_d(__lasx_xvldi(0), LINKDX_FOURS(p, 0), 0), \
                                         LINKDX_FOURS(p, 1), 2))
#define LOAD_SOME(p, count) __lasx_xvfcvtl_s_h(__lasx_xvinsgr2vr_d(__lasx_xvldi(0), *(p), 0))
#define MULTIPLY_ADD(a, b, c) __lasx_xvfmadd_s(a, b, c)
#define SUBTRACT(a, b) __lasx_xvfsub_s(a, b)
#define ADD(a, b) __lasx_xvfadd_s(a, b)
#define SUM(v)                                                                 \
  __extension__({                                                              \
    const V v_ = (v);                                                          \
    ((v_[0] + v_[1]) + (v_[2] + v_[3])) + ((v_[4] + v_[5]) + (v_[6] + v_[7])); \
  })
#define SQUARE_ROOT(f) __lsx_vfsqrt_s((__m128){f, 0, 0, 0})[0]
#include "f16_body.h"
