int inner_step(int value) { return value * 2 + 1; }
