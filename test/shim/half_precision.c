/* Calls the half-precision kernels by the names that end in SUFFIX, with numbers whose results are exact. */
#include <stdint.h>
#include <stdio.h>

#define NAMED_2(name, suffix) name##suffix
#define NAMED_1(name, suffix) NAMED_2(name, suffix)
#define NAMED(name) NAMED_1(name, SUFFIX)

float NAMED(norm_l2_f16_)(const uint16_t* x, uint32_t n);
float NAMED(dot_f16_)(const uint16_t* x, const uint16_t* y, uint32_t n);
float NAMED(l2_f16_)(const uint16_t* x, const uint16_t* y, uint32_t n);
float NAMED(cosine_f16_)(const uint16_t* x, float x_norm, const uint16_t* y, uint32_t n);

enum { count = 100 };

int main(void) {
  const uint16_t one = 0x3c00, two = 0x4000, minus_three = 0xc200;
  uint16_t ones[count], twos[count], threes[count];
  int right;
  for (int i = 0; i < count; i++) ones[i] = one, twos[i] = two, threes[i] = minus_three;
  right = NAMED(norm_l2_f16_)(twos, count) == 20 && NAMED(norm_l2_f16_)(threes, 1) == 3 &&
          NAMED(dot_f16_)(twos, threes, count) == -600 && NAMED(dot_f16_)(ones, twos, 99) == 198 &&
          NAMED(l2_f16_)(twos, threes, count) == 2500 && NAMED(l2_f16_)(ones, threes, 3) == 48 &&
          NAMED(cosine_f16_)(twos, 20, ones, count) == 0 && NAMED(cosine_f16_)(ones, 10, threes, count) == 2;
  puts(right ? "right" : "wrong");
  return 0;
}
