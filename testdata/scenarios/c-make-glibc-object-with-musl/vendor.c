#include <stdio.h>

void report(int rows) { printf("rows %d\n", rows); }
