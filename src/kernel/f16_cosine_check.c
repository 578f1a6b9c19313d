/* f16_cosine: see f16_check.h. */
#define LINKDX_CHECKED_SIGNATURE(name) LINKDX_COSINE_F16(name)
#define LINKDX_CHECKED_COSINE_F16 1
#include "f16_check.h"
