#include <stdio.h>
int widget_area(int width, int height);
int main(void) {
  printf("%d\n", widget_area(3, 4));
  return 0;
}
