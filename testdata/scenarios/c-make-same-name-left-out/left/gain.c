int left_gain(int value) { return value * 2; }
