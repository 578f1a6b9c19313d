/* Portable C. The obvious loop adds each look-up to an entry of dists, a load, an addition and a store for
 * every nibble. Here eight sums stay in registers while all sub-quantisers pass by: four passes, each for
 * four bytes of every 16, whose nibbles are split four at a time in a 32-bit word.
 */
#include "pq4_sum.h"

/* A compiler that sees that a byte of the word is below 16 masks it with 15, two operations, where the byte's
 * own register name takes one. */
#define LINKDX_FORGET(word) __asm__("" : "+r"(word))

LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_portable) {
  const size_t length = code_length & ~(size_t)31;
  unsigned j;
  for (j = 0; j < 16; j += 4) {
    uint32_t low0 = 0, low1 = 0, low2 = 0, low3 = 0, high0 = 0, high1 = 0, high2 = 0, high3 = 0;
    uint16_t* out =
        dists +
        j / 2; /* bytes j and j + 2 belong to neighbouring vectors, j + 1 and j + 3 to those 8 later */
    const uint8_t *code = codes + j, *table = dist_table, *const end = dist_table + length;
    for (; table != end; code += 16, table += 16) {
      const uint32_t four =
          (uint32_t)code[0] | (uint32_t)code[1] << 8 | (uint32_t)code[2] << 16 | (uint32_t)code[3] << 24;
      uint32_t low = four & 0x0f0f0f0f, high = four >> 4 & 0x0f0f0f0f;
      LINKDX_FORGET(low);
      LINKDX_FORGET(high);
      low0 += table[low & 255];
      low1 += table[low >> 8 & 255];
      low >>= 16;
      low2 += table[low & 255];
      low3 += table[low >> 8 & 255];
      high0 += table[high & 255];
      high1 += table[high >> 8 & 255];
      high >>= 16;
      high2 += table[high & 255];
      high3 += table[high >> 8 & 255];
    }
    out[0] = (uint16_t)low0;
    out[8] = (uint16_t)low1;
    out[1] = (uint16_t)low2;
    out[9] = (uint16_t)low3;
    out[16] = (uint16_t)high0;
    out[24] = (uint16_t)high1;
    out[17] = (uint16_t)high2;
    out[25] = (uint16_t)high3;
  }
}
