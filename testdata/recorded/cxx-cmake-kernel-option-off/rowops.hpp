#pragma once
#include <cstddef>

namespace rowops {
float row_max(const float *row, std::size_t length);
float row_max_avx2(const float *row, std::size_t length);
}  // namespace rowops
