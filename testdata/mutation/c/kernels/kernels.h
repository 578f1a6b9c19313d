#pragma once
#include <stddef.h>
#include <stdint.h>

uint32_t sum_row_portable(const uint8_t *row, size_t length);
uint32_t sum_row_sse41(const uint8_t *row, size_t length);
uint32_t sum_row_avx2(const uint8_t *row, size_t length);
uint32_t sum_row_avx512bw(const uint8_t *row, size_t length);
void halve_row_portable(uint8_t *row, size_t length);
void halve_row_avx2(uint8_t *row, size_t length);
uint32_t crc_step(uint32_t state, uint32_t word);
