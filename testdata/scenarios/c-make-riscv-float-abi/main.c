#include <stdio.h>

double gain(double sample);

int main(void) {
  printf("gain %.2f\n", gain(2.0));
}
