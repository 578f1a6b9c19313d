#include <stdio.h>

#include "histogram.h"

int main(void) {
  uint8_t values[50], weights[50];
  for (int i = 0; i < 50; ++i) {
    values[i] = (uint8_t)(100 + i);
    weights[i] = (uint8_t)(i % 2 ? 40 : 0);
  }
#ifdef USE_DOTPROD
  printf("weight %u\n", histogram_dotprod(values, weights, 50));
#else
  printf("weight %u\n", histogram_portable(values, weights, 50));
#endif
}
