#include "count.hpp"

namespace count {

std::size_t spaces(const char *text, std::size_t length) {
  if (__builtin_cpu_supports("avx512bw")) return spaces_avx512bw(text, length);
  if (__builtin_cpu_supports("avx2")) return spaces_avx2(text, length);
  return spaces_portable(text, length);
}

}  // namespace count
