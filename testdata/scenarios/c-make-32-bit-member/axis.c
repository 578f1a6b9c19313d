int axis(int length) { return length * 2; }
