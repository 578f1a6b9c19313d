#include <stdio.h>

#include "weigh.h"

int main(void) {
  uint8_t a[40], b[40];
  for (int i = 0; i < 40; i++) a[i] = (uint8_t)(i + 1), b[i] = 2;
  printf("weight %u\n", (unsigned)weigh(a, b, 40));
}
