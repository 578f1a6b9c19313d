#ifdef __wasm_simd128__
#include <wasm_simd128.h>

int sum_simd128(const int *row) {
  v128_t sum = wasm_v128_load(row);
  for (int i = 4; i < 16; i += 4) sum = wasm_i32x4_add(sum, wasm_v128_load(row + i));
  return wasm_i32x4_extract_lane(sum, 0) + wasm_i32x4_extract_lane(sum, 1) + wasm_i32x4_extract_lane(sum, 2) +
         wasm_i32x4_extract_lane(sum, 3);
}
#endif
