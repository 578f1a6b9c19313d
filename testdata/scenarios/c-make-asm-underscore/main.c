#include <stdio.h>

unsigned rotate_word(unsigned word);

int main(void) {
  printf("rotated %u\n", rotate_word(1));
}
