int light_row(int value) { return value + 1; }
