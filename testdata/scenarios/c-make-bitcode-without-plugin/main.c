#include <stdio.h>

int mix_down(const int *channels, int count);

int main(void) {
  int channels[] = {1, 2, 3, 4, 5, 6};
  printf("mix %d\n", mix_down(channels, 6));
}
