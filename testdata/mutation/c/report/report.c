#include "report.h"

#include <stdio.h>

#include "units.h"

void report(const char *what, long sum) { printf("%s %ld\n", what, units_of_light(sum)); }
