#include <stdio.h>

float filter_mix(float a, float b, float part);

int main(void) { printf("mix %.2f\n", filter_mix(5, 2, 0.25f)); }
