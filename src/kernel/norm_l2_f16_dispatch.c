/* norm_l2_f16: see f16.h and f16_dispatch.h. */
#ifndef LINKDX_EXPORT
#define LINKDX_EXPORT norm_l2_f16
#endif
#define LINKDX_F16_SIGNATURE(name) LINKDX_NORM_L2_F16(name)
#define LINKDX_F16_ARGUMENTS (x, n)
#define LINKDX_F16_OF(variant) norm_l2_f16_##variant
#include "f16_dispatch.h"
