#include "count.hpp"

#ifdef __AVX512BW__
#include <immintrin.h>

namespace count {

std::size_t spaces_avx512bw(const char *text, std::size_t length) {
  std::size_t spaces = 0, i = 0;
  for (; i + 64 <= length; i += 64)
    spaces += static_cast<std::size_t>(
        __builtin_popcountll(_mm512_cmpeq_epi8_mask(_mm512_loadu_si512(text + i), _mm512_set1_epi8(' '))));
  return spaces + spaces_portable(text + i, length - i);
}

}  // namespace count
#endif
