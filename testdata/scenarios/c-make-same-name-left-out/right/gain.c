int right_gain(int value) { return value * 3; }
