// A function in a header: every file that includes it may make a copy, with the CPU features that the file is compiled for.
#pragma once

// With LEAK, the copies are one function for the linker, which keeps one of them: perhaps the one with AVX2.
#ifdef LEAK
#define SHARED inline
#else
#define SHARED static inline
#endif

SHARED __attribute__((noinline)) void scale(float* values, int count, float factor) {
  for (int i = 0; i < count; ++i) values[i] = values[i] * factor + 1;
}
