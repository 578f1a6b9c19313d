#include <stdio.h>

int tone_map(int value);

int main(void) {
  printf("tone %d\n", tone_map(3));
}
