#include "image.h"

#include <math.h>

double contrast(const uint8_t *pixels, size_t length) {
  double sum = 0, squares = 0;
  for (size_t i = 0; i < length; ++i) {
    sum += pixels[i];
    squares += (double)pixels[i] * pixels[i];
  }
  return cbrt(squares / (double)length) - pow(sum / (double)length, 0.25);
}
