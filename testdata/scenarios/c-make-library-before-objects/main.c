#include <stdio.h>

void delta_decode(int *values, int count);

int main(void) {
  int values[] = {1, 3, 5, 7};
  delta_decode(values, 4);
  printf("%d %d %d %d\n", values[0], values[1], values[2], values[3]);
}
