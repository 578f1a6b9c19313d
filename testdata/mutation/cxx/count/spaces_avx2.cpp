#include "count.hpp"

#ifdef __AVX2__
#include <immintrin.h>

namespace count {

std::size_t spaces_avx2(const char *text, std::size_t length) {
  std::size_t spaces = 0, i = 0;
  for (; i + 32 <= length; i += 32) {
    __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(text + i));
    unsigned equal = static_cast<unsigned>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(' '))));
    spaces += static_cast<std::size_t>(__builtin_popcount(equal));
  }
  return spaces + spaces_portable(text + i, length - i);
}

}  // namespace count
#endif
