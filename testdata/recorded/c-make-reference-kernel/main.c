// Calls a published kernel whose library left it out.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

void sum_4bit_dist_table_32bytes_batch_avx512(const uint8_t *codes, size_t code_length, const uint8_t *dist_table, uint16_t *dists);

int main(void) {
  uint8_t codes[64], table[64];
  uint16_t dists[32] = {0};
  for (int i = 0; i < 64; ++i) codes[i] = 0x10;
  for (int i = 0; i < 64; ++i) table[i] = (uint8_t)(i % 16 + 1);
  sum_4bit_dist_table_32bytes_batch_avx512(codes, sizeof codes, table, dists);
  printf("%u %u\n", (unsigned)dists[0], (unsigned)dists[31]);
  return 0;
}
