#pragma once
#include <stddef.h>
#include <stdint.h>

uint32_t rows_sum_portable(const uint8_t *row, size_t length);
uint32_t rows_sum_avx2(const uint8_t *row, size_t length);
uint32_t rows_sum_avx512bw(const uint8_t *row, size_t length);
uint64_t rows_squares(const uint8_t *row, size_t length);
