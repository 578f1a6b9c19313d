/* f16_l2: see f16_check.h. */
#define LINKDX_CHECKED_SIGNATURE(name) LINKDX_L2_F16(name)
#define LINKDX_CHECKED_L2_F16 1
#include "f16_check.h"
