#include <stdio.h>

int level_of(int sample);

int main(void) {
  printf("level %d\n", level_of(21));
}
