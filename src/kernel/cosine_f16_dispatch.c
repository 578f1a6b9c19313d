/* cosine_f16: see f16.h and f16_dispatch.h. */
#ifndef LINKDX_EXPORT
#define LINKDX_EXPORT cosine_f16
#endif
#define LINKDX_F16_SIGNATURE(name) LINKDX_COSINE_F16(name)
#define LINKDX_F16_ARGUMENTS (x, x_norm, y, n)
#define LINKDX_F16_OF(variant) cosine_f16_##variant
#include "f16_dispatch.h"
