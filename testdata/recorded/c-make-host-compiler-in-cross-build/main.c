#include <stdio.h>

void scale_row(int *row, int length, int factor);

int main(void) {
  int row[50], sum = 0;
  for (int i = 0; i < 50; ++i) row[i] = i;
  scale_row(row, 50, 1);
  for (int i = 0; i < 50; ++i) sum += row[i];
  printf("scaled %d\n", sum);
}
