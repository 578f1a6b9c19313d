#include <stdatomic.h>
#include <stdio.h>

static atomic_int counter;

int main(void) {
  for (int i = 0; i < 21; ++i) atomic_fetch_add(&counter, 2);
  printf("count %d\n", atomic_load(&counter));
}
