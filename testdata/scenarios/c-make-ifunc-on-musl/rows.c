#include <stdio.h>

#ifdef ONE_VERSION
#define VERSIONS
#else
#define VERSIONS __attribute__((target_clones("avx2", "default")))
#endif

VERSIONS int sum(const int *row, int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) sum += row[i];
  return sum;
}

int main(int argc, char **argv) {
  (void)argv;
  int row[] = {1, 2, argc};
  printf("sum %d\n", sum(row, 3));
}
