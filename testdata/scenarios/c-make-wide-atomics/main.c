#include <stdio.h>

_Alignas(16) static unsigned __int128 pair = 1;

int main(void) {
  unsigned __int128 old = __atomic_exchange_n(&pair, (unsigned __int128)2, __ATOMIC_SEQ_CST);
  printf("was %d\n", (int)old);
}
