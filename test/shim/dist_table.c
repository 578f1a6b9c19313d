/* Calls the 4-bit distance-table sum under the name KERNEL; with LIBRARY as a function of a shared library. */
#include <stdio.h>

#include "expected_sums.h"

void KERNEL(const uint8_t* codes, size_t length, const uint8_t* dist_table, uint16_t* dists);

#ifdef LIBRARY
int is_right(void);
int is_right(void) {
#else
static int is_right(void) {
#endif
  uint8_t codes[code_length], dist_table[code_length];
  uint16_t expected[32], dists[32];
  fill_and_sum(codes, dist_table, expected);
  KERNEL(codes, code_length, dist_table, dists);
  for (int i = 0; i < 32; i++)
    if (dists[i] != expected[i]) return 0;
  return 1;
}

#ifndef LIBRARY
int main(void) {
  puts(is_right() ? "right" : "wrong");
  return 0;
}
#endif
