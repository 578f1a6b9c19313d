#include <stdio.h>

int chart(int length);

int main(void) {
  printf("chart %d\n", chart(5));
}
