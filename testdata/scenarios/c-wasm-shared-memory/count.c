int add(int a, int b);

int count(int a, int b) { return add(a, b); }
