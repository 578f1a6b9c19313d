#pragma once
#include <stddef.h>
#include <stdint.h>

uint32_t adler_update(uint32_t sum, const uint8_t *bytes, size_t length);
