#include <stdio.h>

#include "clamp.h"

int main(void) {
  uint8_t bytes[60];
  for (int i = 0; i < 60; ++i) bytes[i] = (uint8_t)(i * 4);
  clamp_bytes(bytes, sizeof bytes, 100);
  int sum = 0;
  for (int i = 0; i < 60; ++i) sum += bytes[i];
  printf("clamped %d\n", sum);
}
