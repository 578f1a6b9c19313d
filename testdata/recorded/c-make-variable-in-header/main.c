#include <stdio.h>

#include "talk.h"

int main(void) {
  verbosity = 3;
  printf("said %d\n", talk(10));
}
