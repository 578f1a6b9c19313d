int axis(int length);

int chart(int length) { return axis(length) + 2; }
