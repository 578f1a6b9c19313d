#include <stdio.h>

unsigned crc_step(unsigned state, unsigned char byte);

int main(void) {
  unsigned state = 1;
  for (unsigned char i = 0; i < 10; ++i) state = crc_step(state, i);
  printf("crc %u\n", state);
}
