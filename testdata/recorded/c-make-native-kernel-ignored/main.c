#include <stdio.h>

#include "blend.h"

int main(void) {
  uint8_t a[50], b[50], out[50];
  for (int i = 0; i < 50; ++i) {
    a[i] = (uint8_t)(i * 3);
    b[i] = (uint8_t)(200 - i * 2);
  }
#ifdef __aarch64__
  blend_rows_neon(out, a, b, sizeof out);
#else
  blend_rows_portable(out, a, b, sizeof out);
#endif
  int sum = 0;
  for (int i = 0; i < 50; ++i) sum += out[i];
  printf("blend %d\n", sum);
}
