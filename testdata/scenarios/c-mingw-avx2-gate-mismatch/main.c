void fade_row_avx2(unsigned short *row, int length);

int main(void) {
  unsigned short row[32] = {2};
#ifdef __AVX2__
  fade_row_avx2(row, 32);
#endif
  return row[0] != 1;
}
