#include "sum_words.h"

int sum_words(const int *words, int count) {
#ifdef __AVX2__
  return sum_words_avx2(words, count);
#else
  int sum = 0;
  for (int i = 0; i < count; ++i) sum += words[i];
  return sum;
#endif
}
