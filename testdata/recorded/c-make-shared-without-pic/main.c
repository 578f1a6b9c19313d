#include <stdio.h>

int squares_get(int index);

int main(void) { printf("%d\n", squares_get(7)); }
