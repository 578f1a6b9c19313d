#pragma once
#include <stddef.h>
#include <stdint.h>

struct kernels {
  uint32_t (*sum_row)(const uint8_t *row, size_t length);
  void (*halve_row)(uint8_t *row, size_t length);
};
const struct kernels *choose_kernels(void);
double contrast(const uint8_t *pixels, size_t length);
uint64_t average_of_products(const uint64_t *a, const uint64_t *b, size_t length);
uint32_t fingerprint(const uint8_t *pixels, size_t length);
extern int verbosity;
