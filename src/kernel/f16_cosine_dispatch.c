/* f16_cosine: see f16.h and f16_dispatch.h. */
#ifndef LINKDX_EXPORT
#define LINKDX_EXPORT f16_cosine
#endif
#define LINKDX_F16_SIGNATURE(name) LINKDX_COSINE_F16(name)
#define LINKDX_F16_ARGUMENTS (x, x_norm, y, n)
#define LINKDX_F16_OF(variant) f16_cosine_##variant
#include "f16_dispatch.h"
