#include <math.h>
#include <stdio.h>

double waves[256];

int main(void) {
  for (int i = 0; i < 256; ++i) waves[i] = i;
  for (int i = 0; i < 256; ++i) waves[i] = cos(waves[i]);
  double sum = 0;
  for (int i = 0; i < 256; ++i) sum += waves[i];
  printf("waves %.2f\n", sum);
}
