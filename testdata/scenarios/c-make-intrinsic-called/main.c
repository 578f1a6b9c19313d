#include <stdio.h>

int bits_of(unsigned long long word);

int main(void) {
  printf("bits %d\n", bits_of(0xff00));
}
