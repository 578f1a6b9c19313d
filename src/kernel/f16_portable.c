/* Portable C: half-precision numbers become floats by moving their bits, without a type, an instruction or a
 * library function for them. Four at a time in GCC's vectors, which are lanes of a vector register where the
 * target has one and plain floats where not. No library has the square root either: it is found digit by
 * digit (Knuth's long division by another name), once a call.
 */
#include "f16.h"

typedef float linkdx_floats __attribute__((vector_size(16)));
typedef uint32_t linkdx_words __attribute__((vector_size(16)));

/* binary16 to binary32. The exponent's bias grows by 112, that of infinities and NaNs by another 112, to all
 * ones. A subnormal number is 2^-14 times its fraction: with that exponent put in, it is 2^-14 too big, which
 * a subtraction takes off. No subnormal float appears on the way, so it works where the CPU flushes those to
 * zero. */
#define LINKDX_FLOATS_OF(halves)                                                                           \
  __extension__({                                                                                          \
    const linkdx_words half = (halves);                                                                    \
    const linkdx_words exponent = half & 0x7c00;                                                           \
    const linkdx_words is_special = 0u - ((exponent + 0x400) >> 15);                                       \
    const linkdx_words is_small = 0u - ((exponent - 1) >> 31);                                             \
    const linkdx_words bits =                                                                              \
        ((half & 0x7fff) << 13) + (112u << 23) + (is_special & (112u << 23)) + (is_small & (1u << 23));    \
    const linkdx_words too_big = is_small & (113u << 23);                                                  \
    (linkdx_floats)((linkdx_words)((linkdx_floats)bits - (linkdx_floats)too_big) | (half & 0x8000) << 16); \
  })

static float linkdx_square_root(float number) {
  union {
    float number;
    uint32_t bits;
  } value;
  uint64_t rest, root = 0, bit;
  int exponent;
  value.number = number;
  /* Negative numbers do not come here. Zero, infinity and NaN are their own roots. */
  if (value.bits == 0 || value.bits >= 0x7f800000) return number;
  exponent = (int)(value.bits >> 23);
  rest = value.bits & 0x7fffff;
  if (exponent)
    rest |= 0x800000;
  else
    exponent = 1;
  while (rest < 0x800000) rest <<= 1, exponent--;
  /* number = rest * 2^(exponent - 150). An even exponent, and 25 digits of the root: one more than a float
   * has. */
  exponent -= 150;
  rest <<= 26;
  exponent -= 26;
  if (exponent & 1) rest >>= 1, exponent++;
  for (bit = (uint64_t)1 << 24; bit; bit >>= 1) {
    const uint64_t next = root + bit;
    if (next * next <= rest) root = next;
  }
  /* Half way between two floats never comes out: its square would have more digits than a float. What is left
   * of `rest` then cannot change the rounding. */
  root = (root + 1) >> 1;
  exponent = exponent / 2 + 1;
  while (root >= (uint64_t)1 << 24) root >>= 1, exponent++;
  value.bits = (uint32_t)(exponent + 150) << 23 | ((uint32_t)root & 0x7fffff);
  return value.number;
}

#define VARIANT portable
#define TARGET
#define V linkdx_floats
#define LANES 4
#define SOME 1
#define ZERO ((linkdx_floats){0, 0, 0, 0})
#define LOAD(p) LINKDX_FLOATS_OF(((linkdx_words){(p)[0], (p)[1], (p)[2], (p)[3]}))
#define LOAD_SOME(p, count) LINKDX_FLOATS_OF(((linkdx_words){(p)[0], 0, 0, 0}))
#define MULTIPLY_ADD(a, b, c) ((c) + (a) * (b))
#define SUBTRACT(a, b) ((a) - (b))
#define ADD(a, b) ((a) + (b))
#define SUM(v)                         \
  __extension__({                      \
    const V v_ = (v);                  \
    (v_[0] + v_[1]) + (v_[2] + v_[3]); \
  })
#define SQUARE_ROOT(f) linkdx_square_root(f)
#include "f16_body.h"
