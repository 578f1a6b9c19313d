void delta_decode(int *values, int count) {
  for (int i = 1; i < count; ++i) values[i] += values[i - 1];
}
