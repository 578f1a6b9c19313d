#pragma once
#include <cstddef>

namespace count {

std::size_t spaces(const char *text, std::size_t length);
std::size_t spaces_portable(const char *text, std::size_t length);
std::size_t spaces_avx2(const char *text, std::size_t length);
std::size_t spaces_avx512bw(const char *text, std::size_t length);

}  // namespace count
