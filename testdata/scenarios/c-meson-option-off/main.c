#include <stdio.h>

#include "levels.h"

int main(void) {
  uint8_t samples[100];
  for (int i = 0; i < 100; i++) samples[i] = (uint8_t)(i * 37 % 211);
  printf("peak %u\n", (unsigned)levels_peak(samples, 100));
}
