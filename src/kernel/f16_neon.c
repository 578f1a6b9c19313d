/* AArch64 NEON: fcvtl makes four floats of four half-precision numbers. The conversion is part of every
 * AArch64 CPU; only arithmetic in half precision is an extension (Arm ARM, FEAT_FP16). */
#include "f16.h"

#include <arm_neon.h>

#define VARIANT neon
#define TARGET
#define V float32x4_t
#define LANES 4
#define SOME 1
#define ZERO vdupq_n_f32(0)
#define LOAD(p) vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)))
#define LOAD_SOME(p, count) vcvt_f32_f16(vreinterpret_f16_u16(vld1_lane_u16(p, vdup_n_u16(0), 0)))
#define MULTIPLY_ADD(a, b, c) vfmaq_f32(c, a, b)
#define SUBTRACT(a, b) vsubq_f32(a, b)
#define ADD(a, b) vaddq_f32(a, b)
#define SUM(v) vaddvq_f32(v)
#define SQUARE_ROOT(f) vget_lane_f32(vsqrt_f32(vdup_n_f32(f)), 0)
#include "f16_body.h"
