#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  float x = argc > 1 ? strtof(argv[1], NULL) : 0, y = argc > 2 ? strtof(argv[2], NULL) : 0;
  printf("%.2f %.2f\n", hypotf(x, y), cosf(x - 3));
}
