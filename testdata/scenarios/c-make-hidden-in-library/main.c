#include <stdio.h>

#include "lens.h"

int main(void) {
  printf("focus %d\n", lens_focus(5));
  return lens_open() == 0;
}
