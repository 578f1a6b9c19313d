/* Holds one implementation of a kernel of f16.h against its definition in double precision.
 *
 *   cc -DLINKDX_CHECKED=f16_dot_f16c -DLINKDX_CHECKED_NEEDS=LINKDX_F16C f16_dot_check.c ... && ./a.out [CALLS
 * [SEED]]
 *
 * <kernel>_check.c says which kernel by LINKDX_CHECKED_<KERNEL>. First every one of the 65536 numbers alone,
 * which shows that it is converted exactly; then calls with all lengths from 0 to 2048, each input in turn
 * against the page before and the page after it that may not be touched, with numbers of like size, of all
 * sizes, and infinities and NaNs among them. The result must be within the error bound that f16.h states.
 *
 * Prints one line; check.h has the exit statuses.
 */
#define _GNU_SOURCE
#include "check.h"
#include "f16.h"

LINKDX_CHECKED_SIGNATURE(LINKDX_CHECKED);

enum { longest = 2048 };

/* The value of each bit pattern, by the definition of IEEE 754. */
static double value_of[1 << 16];
static void fill_values(void) {
  unsigned bits;
  const double infinity = 1e300 * 1e300;
  for (bits = 0; bits < 1u << 16; bits++) {
    const unsigned exponent = bits >> 10 & 31, fraction = bits & 0x3ff;
    double value = exponent ? 1024.0 + fraction : fraction;
    int power = (int)(exponent ? exponent : 1) - 25;
    for (; power < 0; power++) value /= 2;
    for (; power > 0; power--) value *= 2;
    if (exponent == 31) value = fraction ? infinity - infinity : infinity;
    value_of[bits] = bits & 0x8000 ? -value : value;
  }
}

#if LINKDX_CHECKED_NORM_L2_F16 || LINKDX_CHECKED_COSINE_F16
/* Without a mathematics library: Newton's method from above, which falls until it is exact. */
static double square_root(double square) {
  double root = square > 1 ? square : 1, next;
  if (!(square > 0) || square > 1e300) return square;
  while ((next = (root + square / root) / 2) < root) root = next;
  return root;
}
#endif

static double magnitude(double value) {
  return value < 0 ? -value : value;
}

/* What the kernel must return, and how far from that it may be. */
struct expectation {
  double result, tolerance;
};
#ifdef __GNUC__
__attribute__((no_sanitize("address", "undefined"))) /* are for what is checked, and slow */
#endif
static struct expectation
expect(const uint16_t* x, float x_norm, const uint16_t* y, uint32_t n) {
  const double unit =
      1.0 / (1 << 24) * 1.001; /* half a unit in the last place of a float; the bound is one of first order */
  double sum = 0, magnitudes = 0, squares = 0;
  struct expectation expected;
  uint32_t i;
  for (i = 0; i < n; i++) {
    const double a = value_of[x[i]], b = value_of[y[i]];
#if LINKDX_CHECKED_NORM_L2_F16
    const double term = a * a;
    (void)b;
#elif LINKDX_CHECKED_L2_F16
    const double term = (a - b) * (a - b);
#else
    const double term = a * b;
#endif
    sum += term;
    magnitudes += magnitude(term);
    squares += b * b;
  }
  expected.result = sum;
  expected.tolerance = ((double)n + 4) * unit * magnitudes;
#if LINKDX_CHECKED_NORM_L2_F16
  expected.result = square_root(sum);
  expected.tolerance = (((double)n + 4) / 2 + 1) * unit * expected.result;
#elif LINKDX_CHECKED_COSINE_F16
  {
    const double norms = (double)x_norm * square_root(squares), cosine = sum / norms;
    expected.result = 1 - cosine;
    expected.tolerance = unit * (((double)n + 4) * magnitudes / magnitude(norms) +
                                 (((double)n + 4) / 2 + 4) * magnitude(cosine) + magnitude(expected.result));
  }
#endif
  (void)x_norm;
  (void)squares;
  return expected;
}

static float call(const uint16_t* x, float x_norm, const uint16_t* y, uint32_t n) {
  (void)x_norm;
  (void)y;
#if LINKDX_CHECKED_NORM_L2_F16
  return LINKDX_CHECKED(x, n);
#elif LINKDX_CHECKED_COSINE_F16
  return LINKDX_CHECKED(x, x_norm, y, n);
#else
  return LINKDX_CHECKED(x, y, n);
#endif
}

static int is_right(float got, struct expectation expected) {
  if (expected.result != expected.result) return got != got;
  if (magnitude(expected.result) > 1e300) return (double)got == expected.result;
  return magnitude((double)got - expected.result) <= expected.tolerance;
}

/* Kinds: numbers of like size; any finite bits; mostly zero; a few infinities and NaNs among those. */
static uint16_t any_number(unsigned kind) {
  const uint64_t random = next_random() >> 20;
  const unsigned sign_and_fraction = (unsigned)random & 0x83ff, exponent = (unsigned)(random >> 16) % 31;
  if (kind == 3 && (random >> 24) % 512 == 0)
    return (uint16_t)(0x7c00 | (sign_and_fraction & ((random & 1 << 12) ? 0x83ff : 0x8000)));
  if (kind == 2 && (random >> 24) % 16) return 0;
  return (uint16_t)(sign_and_fraction | (kind == 0 ? 12 + exponent % 4 : exponent) << 10);
}

int main(int argc, char** argv) {
  const unsigned long long calls = argc > 1 ? strtoull(argv[1], NULL, 10) : 20000;
  const size_t page = page_size(), size = 2 * longest > page ? 2 * longest : page;
  struct guarded x_memory, y_memory;
  static uint16_t pool[2][4][3 * longest];
  unsigned long long number;
  uint32_t bits, i, kind;
  if (!cpu_can_run()) return status_not_run;
  seed_random(argc > 2 ? argv[2] : NULL);
  fill_values();
  x_memory = guarded_memory(size);
  y_memory = guarded_memory(size);
  if (!x_memory.begin || !y_memory.begin) {
    puts("no memory between guard pages");
    return status_no_memory;
  }
  for (kind = 0; kind < 4; kind++)
    for (i = 0; i < 3 * longest; i++)
      pool[0][kind][i] = any_number(kind), pool[1][kind][i] = any_number(kind);

  for (bits = 0; bits < 1u << 16; bits++) {
    uint16_t *x = (uint16_t*)(void*)(x_memory.begin + size - 2), *y = (uint16_t*)(void*)y_memory.begin;
    struct expectation expected;
    float got;
    *x = (uint16_t)bits;
    *y = 0x3c00; /* one */
    expected = expect(x, 1, y, 1);
    got = call(x, 1, y, 1);
    /* A number alone comes out as it is. */
#if LINKDX_CHECKED_NORM_L2_F16
    expected.result = magnitude(value_of[bits]);
    expected.tolerance = 0;
#elif LINKDX_CHECKED_DOT_F16
    expected.tolerance = 0;
#endif
    if (is_right(got, expected)) continue;
    printf("wrong: number 0x%04x alone: %.9g instead of %.9g\n", (unsigned)bits, (double)got,
           expected.result);
    return status_wrong;
  }
  for (number = 0; number < calls; number++) {
    const uint32_t n = (uint32_t)(number % (longest + 1));
    const unsigned place = (unsigned)(next_random() >> 8);
    const size_t bytes = 2 * (size_t)n;
    uint16_t* x = (uint16_t*)(void*)(x_memory.begin + (place & 1 ? 0 : size - bytes));
    uint16_t* y = (uint16_t*)(void*)(y_memory.begin + (place & 2 ? 0 : size - bytes));
    const float x_norm = (float)(place >> 8 & 0xfff) / 64 + 0.25f;
    struct expectation expected;
    float got;
    kind = (place >> 4) % 4;
    memcpy(x, pool[0][kind] + next_random() % (2 * longest), bytes);
    memcpy(y, pool[1][kind] + next_random() % (2 * longest), bytes);
    expected = expect(x, x_norm, y, n);
    got = call(x, x_norm, y, n);
    if (is_right(got, expected)) continue;
    printf("wrong: call %llu, %lu numbers: %.9g instead of %.9g, more than %.3g away\n", number,
           (unsigned long)n, (double)got, expected.result, expected.tolerance);
    return status_wrong;
  }
  printf("equal: %llu calls\n", calls);
  return status_equal;
}
