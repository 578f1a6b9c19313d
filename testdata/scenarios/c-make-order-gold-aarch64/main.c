#include <stdio.h>

int bank_run(int sample);

int main(void) {
  printf("filtered %d\n", bank_run(5));
}
