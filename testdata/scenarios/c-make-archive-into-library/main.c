#include <stdio.h>
int lens_open(void); int main(void) { printf("open %d\n", lens_open()); }
