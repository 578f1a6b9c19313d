#include <stdio.h>
/* As in zlib.h, which is not needed for the name alone. */
const char *zlibVersion(void);
unsigned long compressBound(unsigned long length);
int main(void) {
  printf("%d\n", zlibVersion()[0] == '1' && compressBound(100) > 100);
  return 0;
}
