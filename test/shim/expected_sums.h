/* The 4-bit distance-table sum by its definition, for callers that compare: see src/kernel/pq4_sum.h. */
#include <stddef.h>
#include <stdint.h>

/* 96 bytes of codes: three sub-quantiser pairs, no multiple of 64. */
enum { code_length = 96 };

static void fill_and_sum(uint8_t* codes, uint8_t* dist_table, uint16_t* expected) {
  static const uint8_t order[16] = {0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15};
  uint32_t random = 1;
  for (int i = 0; i < 32; i++) expected[i] = 0;
  for (int i = 0; i < code_length; i++) {
    random = random * 1664525 + 1013904223;
    codes[i] = (uint8_t)(random >> 24);
    dist_table[i] = (uint8_t)(random >> 16);
  }
  for (int i = 0; i < code_length; i++) {
    const uint8_t* table = dist_table + i / 16 * 16;
    expected[order[i % 16]] = (uint16_t)(expected[order[i % 16]] + table[codes[i] & 15]);
    expected[16 + order[i % 16]] = (uint16_t)(expected[16 + order[i % 16]] + table[codes[i] >> 4]);
  }
}
