#include "image.h"

#include "../kernels/kernels.h"

static const struct kernels portable = {sum_row_portable, halve_row_portable};
static const struct kernels sse41 = {sum_row_sse41, halve_row_portable};
static const struct kernels avx2 = {sum_row_avx2, halve_row_avx2};
static const struct kernels avx512bw = {sum_row_avx512bw, halve_row_avx2};

const struct kernels *choose_kernels(void) {
  if (__builtin_cpu_supports("avx512bw")) return &avx512bw;
  if (__builtin_cpu_supports("avx2")) return &avx2;
  if (__builtin_cpu_supports("sse4.1")) return &sse41;
  return &portable;
}
