#include <stdio.h>

int zoom_in(int factor);

int main(void) {
  printf("zoom %d\n", zoom_in(4));
}
