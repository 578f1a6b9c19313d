/* The four kernels of f16.h, written once over vectors of floats. A variant defines, then includes this:
 *
 *   VARIANT              its name
 *   TARGET               the attribute that allows its instructions; may be empty
 *   V, LANES             a vector of LANES floats
 *   ZERO                 all zero
 *   LOAD(p)              LANES numbers at p, as floats
 *   LOAD_SOME(p, count)  `count` numbers at p, 0 < count < LANES, as floats; the other lanes zero
 *   SOME                 how many of them it can take at once
 *   MULTIPLY_ADD(a, b, c), SUBTRACT(a, b), ADD(a, b)
 *   SUM(v)               of all lanes, a float
 *   SQUARE_ROOT(f)       of a float
 *
 * Macros and not functions: an inline function would need the attribute as well, and cannot pass vectors
 * without it. Four sums side by side, because an addition waits for the one before it.
 */
#define LINKDX_JOIN2(a, b) a##b
#define LINKDX_JOIN(a, b) LINKDX_JOIN2(a, b)

/* Every number of the vectors once: STEP(k, i, load) adds those from index i on to the k-th sums, `load`
 * reading them. */
#define LINKDX_EACH(n, STEP)                                                       \
  do {                                                                             \
    size_t i = 0;                                                                  \
    for (; (n) - i >= 4 * LANES; i += 4 * LANES) {                                 \
      STEP(0, i, LOAD);                                                            \
      STEP(1, i + LANES, LOAD);                                                    \
      STEP(2, i + 2 * LANES, LOAD);                                                \
      STEP(3, i + 3 * LANES, LOAD);                                                \
    }                                                                              \
    for (; (n) - i >= LANES; i += LANES) STEP(0, i, LOAD);                         \
    for (; i < (n); i += SOME) {                                                   \
      const unsigned left = (n) - i < SOME ? (unsigned)((n) - i) : (unsigned)SOME; \
      (void)left;                                                                  \
      STEP(1, i, LINKDX_LOAD_LEFT);                                                \
    }                                                                              \
  } while (0)
#define LINKDX_LOAD_LEFT(p) LOAD_SOME(p, left)
#define LINKDX_TOTAL(sums) SUM(ADD(ADD(sums[0], sums[1]), ADD(sums[2], sums[3])))

TARGET LINKDX_KERNEL LINKDX_NORM_L2_F16(LINKDX_JOIN(f16_norm_l2_, VARIANT)) {
  V sums[4] = {ZERO, ZERO, ZERO, ZERO};
  float total;
#define LINKDX_STEP(k, i, load)            \
  do {                                     \
    const V a = load(x + (i));             \
    sums[k] = MULTIPLY_ADD(a, a, sums[k]); \
  } while (0)
  LINKDX_EACH((size_t)n, LINKDX_STEP);
#undef LINKDX_STEP
  total = LINKDX_TOTAL(sums);
  return SQUARE_ROOT(total);
}

TARGET LINKDX_KERNEL LINKDX_DOT_F16(LINKDX_JOIN(f16_dot_, VARIANT)) {
  V sums[4] = {ZERO, ZERO, ZERO, ZERO};
#define LINKDX_STEP(k, i, load) sums[k] = MULTIPLY_ADD(load(x + (i)), load(y + (i)), sums[k])
  LINKDX_EACH((size_t)n, LINKDX_STEP);
#undef LINKDX_STEP
  return LINKDX_TOTAL(sums);
}

TARGET LINKDX_KERNEL LINKDX_L2_F16(LINKDX_JOIN(f16_l2_, VARIANT)) {
  V sums[4] = {ZERO, ZERO, ZERO, ZERO};
#define LINKDX_STEP(k, i, load)                                       \
  do {                                                                \
    const V a = load(x + (i)), b = load(y + (i)), d = SUBTRACT(a, b); \
    sums[k] = MULTIPLY_ADD(d, d, sums[k]);                            \
  } while (0)
  LINKDX_EACH((size_t)n, LINKDX_STEP);
#undef LINKDX_STEP
  return LINKDX_TOTAL(sums);
}

TARGET LINKDX_KERNEL LINKDX_COSINE_F16(LINKDX_JOIN(f16_cosine_, VARIANT)) {
  V sums[4] = {ZERO, ZERO, ZERO, ZERO}, squares[4] = {ZERO, ZERO, ZERO, ZERO};
  float product, square;
#define LINKDX_STEP(k, i, load)                   \
  do {                                            \
    const V a = load(x + (i)), b = load(y + (i)); \
    sums[k] = MULTIPLY_ADD(a, b, sums[k]);        \
    squares[k] = MULTIPLY_ADD(b, b, squares[k]);  \
  } while (0)
  LINKDX_EACH((size_t)n, LINKDX_STEP);
#undef LINKDX_STEP
  product = LINKDX_TOTAL(sums);
  square = LINKDX_TOTAL(squares);
  return 1.0f - product / (x_norm * SQUARE_ROOT(square));
}

#undef LINKDX_EACH
#undef LINKDX_LOAD_LEFT
#undef LINKDX_TOTAL
#undef LINKDX_JOIN
#undef LINKDX_JOIN2
#undef VARIANT
#undef TARGET
#undef V
#undef LANES
#undef SOME
#undef ZERO
#undef LOAD
#undef LOAD_SOME
#undef MULTIPLY_ADD
#undef SUBTRACT
#undef ADD
#undef SUM
#undef SQUARE_ROOT
