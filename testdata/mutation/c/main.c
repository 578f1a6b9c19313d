#include "image/image.h"
#include "report/report.h"
#include "report/units.h"

int main(void) {
  uint8_t pixels[1000];
  for (int i = 0; i < 1000; ++i) pixels[i] = (uint8_t)(i * 7);
  uint64_t wide[4] = {1, 2, 3, 4};
  const struct kernels *kernels = choose_kernels();
  kernels->halve_row(pixels, sizeof pixels);
  report("sum", kernels->sum_row(pixels, sizeof pixels));
  report("contrast", (long)contrast(pixels, sizeof pixels));
  report("products", (long)average_of_products(wide, wide, 4));
  report("fingerprint", (long)fingerprint(pixels, sizeof pixels));
  return units_of_light(verbosity) != 0;
}
