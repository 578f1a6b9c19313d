#include <stddef.h>
#include <stdint.h>

uint32_t weigh(const uint8_t *a, const uint8_t *b, size_t count);
uint32_t weigh_dotprod(const uint8_t *a, const uint8_t *b, size_t count);
