int shade_row(int value) { return value - 1; }
