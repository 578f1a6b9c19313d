#pragma once

int sum_words(const int *words, int count);
int sum_words_avx2(const int *words, int count);
