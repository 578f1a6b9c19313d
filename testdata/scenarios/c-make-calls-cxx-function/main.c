#include <stdio.h>

#include "scale.h"

int main(void) {
  float row[] = {1, 2, 3};
  scale_row(row, 3, 2.5f);
  printf("%.1f %.1f %.1f\n", row[0], row[1], row[2]);
}
