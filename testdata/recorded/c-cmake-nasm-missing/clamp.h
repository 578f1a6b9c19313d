#pragma once
#include <stddef.h>
#include <stdint.h>

void clamp_bytes(uint8_t *bytes, size_t length, uint8_t most);
