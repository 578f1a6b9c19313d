#include <stdio.h>

int pack_row_rvv(const unsigned char *row, int length);

int main(void) {
  unsigned char row[10];
  for (int i = 0; i < 10; ++i) row[i] = (unsigned char)i;
  printf("packed %d\n", pack_row_rvv(row, 10));
}
