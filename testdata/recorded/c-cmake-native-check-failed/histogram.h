#pragma once
#include <stddef.h>
#include <stdint.h>

uint32_t histogram_portable(const uint8_t *values, const uint8_t *weights, size_t length);
uint32_t histogram_dotprod(const uint8_t *values, const uint8_t *weights, size_t length);
