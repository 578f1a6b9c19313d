#include <cstdio>

#include "shared.h"

int (*volatile chosen)(int) = scale;
int other(int value);

int main() { std::printf("scaled %d %d\n", chosen(1), other(2)); }
