#include <stdio.h>

int level(const int *row);

int main(void) {
  int row[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  printf("level %d\n", level(row));
}
