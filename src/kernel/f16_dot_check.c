/* f16_dot: see f16_check.h. */
#define LINKDX_CHECKED_SIGNATURE(name) LINKDX_DOT_F16(name)
#define LINKDX_CHECKED_DOT_F16 1
#include "f16_check.h"
