int sum_simd128(const int *row);

int sum(void) {
  static int row[16];
  for (int i = 0; i < 16; ++i) row[i] = i;
  return sum_simd128(row);
}
