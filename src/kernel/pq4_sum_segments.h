/* The end of the variants whose vectors are longer than the 16 bytes of a sub-quantiser, by a number that
 * only the running CPU knows: sums lie in segments, one for each 16 bytes of the vector, all of the same
 * vectors. Adds the segments up. */
#ifndef LINKDX_PQ4_SUM_SEGMENTS_H
#define LINKDX_PQ4_SUM_SEGMENTS_H

#include <stddef.h>
#include <stdint.h>

/* Up to 16 segments: 256 bytes, beyond which a byte is no index of a look-up any more. */
enum { linkdx_most_segments = 16 };

static void linkdx_add_segments(const uint16_t* sums, size_t segments, unsigned lanes, uint16_t* result) {
  unsigned lane;
  size_t segment;
  for (lane = 0; lane < lanes; lane++) {
    unsigned sum = 0;
    for (segment = 0; segment < segments; segment++) sum += sums[lanes * segment + lane];
    result[lane] = (uint16_t)sum;
  }
}

#endif
