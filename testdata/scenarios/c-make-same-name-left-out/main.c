#include <stdio.h>

int left_gain(int value);
int right_gain(int value);

int main(void) {
  printf("gains %d %d\n", left_gain(2), right_gain(2));
}
