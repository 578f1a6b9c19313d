#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

uint32_t crcsum(const uint8_t *bytes, size_t length);

int main(void) {
  uint8_t bytes[40];
  for (int i = 0; i < 40; ++i) bytes[i] = (uint8_t)(i * i);
  printf("checksum %u\n", crcsum(bytes, sizeof bytes));
}
