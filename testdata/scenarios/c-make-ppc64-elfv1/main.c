#include <stdio.h>

int pick(const int *row, int index);

int main(void) {
  int row[] = {5, 6, 7};
  printf("picked %d\n", pick(row, 2));
}
