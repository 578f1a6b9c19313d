#include "units.h"

long units_of_light(long sum) { return sum / 16; }
