void scale_row(int *row, int length, int factor) {
  for (int i = 0; i < length; ++i) row[i] *= factor;
}
