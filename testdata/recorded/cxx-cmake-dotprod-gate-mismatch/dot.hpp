#pragma once
#include <cstddef>
#include <cstdint>

namespace dot {
int product(const std::int8_t *a, const std::int8_t *b, std::size_t length);
int product_dotprod(const std::int8_t *a, const std::int8_t *b, std::size_t length);
}  // namespace dot
