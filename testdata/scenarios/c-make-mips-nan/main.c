double mean(double a, double b);

int __start(void) { return (int)mean(40, 44); }
