/* Calls the 4-bit distance-table sum in a program for x86-64 Linux without a C library: its own start, and system calls. */
#include "expected_sums.h"

void KERNEL(const uint8_t* codes, size_t length, const uint8_t* dist_table, uint16_t* dists);

static long system_call(long number, long first, long second, long third) {
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(first), "S"(second), "d"(third)
                   : "rcx", "r11", "memory");
  return result;
}

/* The kernel starts a program with an aligned stack and no return address. */
__attribute__((force_align_arg_pointer)) void _start(void) {
  uint8_t codes[code_length], dist_table[code_length];
  uint16_t expected[32], dists[32];
  int right = 1;
  fill_and_sum(codes, dist_table, expected);
  KERNEL(codes, code_length, dist_table, dists);
  for (int i = 0; i < 32; i++) right &= dists[i] == expected[i];
  system_call(1, 1, (long)(right ? "right\n" : "wrong\n"), 6); /* write */
  system_call(60, !right, 0, 0);                               /* exit */
  for (;;) {
  }
}
