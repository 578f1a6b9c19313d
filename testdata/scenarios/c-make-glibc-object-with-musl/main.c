void report(int rows);

int main(void) { report(3); }
