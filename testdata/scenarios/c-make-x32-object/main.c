#include <stdio.h>

int scale(int value);

int main(void) {
  printf("scaled %d\n", scale(10));
}
