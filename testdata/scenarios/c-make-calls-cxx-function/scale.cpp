#include "scale.h"

void scale_row(float *row, int length, float factor) {
  for (int i = 0; i < length; ++i) row[i] *= factor;
}
