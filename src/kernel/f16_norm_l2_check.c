/* f16_norm_l2: see f16_check.h. */
#define LINKDX_CHECKED_SIGNATURE(name) LINKDX_NORM_L2_F16(name)
#define LINKDX_CHECKED_NORM_L2_F16 1
#include "f16_check.h"
