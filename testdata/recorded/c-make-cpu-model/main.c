#include <stdio.h>

int main(void) {
  puts(__builtin_cpu_supports("sse2") ? "sse2 yes" : "sse2 no");
}
