/* f16_norm_l2: see f16.h and f16_dispatch.h. */
#ifndef LINKDX_EXPORT
#define LINKDX_EXPORT f16_norm_l2
#endif
#define LINKDX_F16_SIGNATURE(name) LINKDX_NORM_L2_F16(name)
#define LINKDX_F16_ARGUMENTS (x, n)
#define LINKDX_F16_OF(variant) f16_norm_l2_##variant
#include "f16_dispatch.h"
