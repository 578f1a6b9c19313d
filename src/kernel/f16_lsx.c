/* LoongArch LSX: vfcvtl.s.h makes four floats of four half-precision numbers. */
#include "f16.h"

#include <lsxintrin.h>

#define VARIANT lsx
#if !defined(__loongarch_sx) && !defined(LINKDX_BY_FLAGS)
#define TARGET __attribute__((target("lsx")))
#else
#define TARGET
#endif
#define V __m128
#define LANES 4
#define SOME 1
#define ZERO ((__m128)__lsx_vldi(0))
#define LOAD(p)                                                         \
  __lsx_vfcvtl_s_h(__lsx_vinsgr2vr_d(__lsx_vldi(0), __extension__({     \
                                       long eight_;                     \
                                       __builtin_memcpy(&eight_, p, 8); \
                                       eight_;                          \
                                     }),                                \
                                     0))
#define LOAD_SOME(p, count) __lsx_vfcvtl_s_h(__lsx_vinsgr2vr_h(__lsx_vldi(0), *(p), 0))
#define MULTIPLY_ADD(a, b, c) __lsx_vfmadd_s(a, b, c)
#define SUBTRACT(a, b) __lsx_vfsub_s(a, b)
#define ADD(a, b) __lsx_vfadd_s(a, b)
#define SUM(v)                         \
  __extension__({                      \
    const V v_ = (v);                  \
    (v_[0] + v_[1]) + (v_[2] + v_[3]); \
  })
#define SQUARE_ROOT(f) __lsx_vfsqrt_s((__m128){f, 0, 0, 0})[0]
#include "f16_body.h"
