#include <stdio.h>

int blur_avx10(int pixel);

int main(void) {
  printf("blur %d\n", blur_avx10(4));
}
