#include <stdio.h>

#include "sum_words.h"

int main(void) {
  int words[100];
  for (int i = 0; i < 100; ++i) words[i] = i;
  printf("sum %d\n", sum_words(words, 100));
}
