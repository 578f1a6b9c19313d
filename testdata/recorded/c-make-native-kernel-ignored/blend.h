#pragma once
#include <stddef.h>
#include <stdint.h>

void blend_rows_portable(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t length);
void blend_rows_neon(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t length);
