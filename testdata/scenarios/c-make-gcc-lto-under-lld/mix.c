int mix_down(const int *channels, int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) sum += channels[i];
  return sum;
}
