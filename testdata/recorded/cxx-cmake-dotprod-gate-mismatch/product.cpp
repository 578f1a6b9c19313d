#include "dot.hpp"

int dot::product(const std::int8_t *a, const std::int8_t *b, std::size_t length) {
#ifdef __ARM_FEATURE_DOTPROD
  return product_dotprod(a, b, length);
#else
  int sum = 0;
  for (std::size_t i = 0; i < length; ++i) sum += a[i] * b[i];
  return sum;
#endif
}
