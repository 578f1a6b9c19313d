#include <stdio.h>

int main(int count, char **words) {
  char bytes[8] = {1, 2, 3};
  int sum = 0;
  for (int i = 0; i < 8; ++i) sum += bytes[(i * count) & 7];
  printf("bytes %d\n", sum);
  return words == 0;
}
