#include <stdio.h>

int row_sum_neon(const unsigned char *row, int length);

int main(void) {
  unsigned char row[100];
  for (int i = 0; i < 100; ++i) row[i] = (unsigned char)i;
  printf("sum %d\n", row_sum_neon(row, 100));
}
