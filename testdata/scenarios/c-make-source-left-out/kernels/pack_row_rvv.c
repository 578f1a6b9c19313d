int pack_row_rvv(const unsigned char *row, int length) {
  int sum = 0;
  for (int i = 0; i < length; i += 2) sum += row[i];
  return sum;
}
