#include <stdio.h>

int hue(int index);

int main(void) {
  printf("hue %d\n", hue(2));
}
