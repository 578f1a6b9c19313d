/* WebAssembly SIMD: i8x16.swizzle looks up 16 codes at once. Per 16 bytes of codes: 2 look-ups, 2 operations
 * to split the nibbles, 6 to sum them.
 */
#ifndef __wasm_simd128__
#error "needs -msimd128: a WebAssembly module cannot choose at run time, an engine without SIMD refuses it"
#endif
#include "pq4_sum.h"

#include <wasm_simd128.h>

LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_simd128) {
  const size_t length = code_length & ~(size_t)31;
  const v128_t nibble = wasm_i8x16_splat(0x0f);
  /* `all` counts the odd bytes 256-fold beside the even ones; `odd` counts them alone, and is taken off at
   * the end. */
  v128_t low_all = wasm_i16x8_splat(0), low_odd = low_all, high_all = low_all, high_odd = low_all;
  size_t i;
  for (i = 0; i < length; i += 16) {
    const v128_t code = wasm_v128_load(codes + i);
    const v128_t table = wasm_v128_load(dist_table + i);
    const v128_t low = wasm_i8x16_swizzle(table, wasm_v128_and(code, nibble));
    const v128_t high = wasm_i8x16_swizzle(table, wasm_u8x16_shr(code, 4));
    low_all = wasm_i16x8_add(low_all, low);
    low_odd = wasm_i16x8_add(low_odd, wasm_u16x8_shr(low, 8));
    high_all = wasm_i16x8_add(high_all, high);
    high_odd = wasm_i16x8_add(high_odd, wasm_u16x8_shr(high, 8));
  }
  wasm_v128_store(dists, wasm_i16x8_sub(low_all, wasm_i16x8_shl(low_odd, 8)));
  wasm_v128_store(dists + 8, low_odd);
  wasm_v128_store(dists + 16, wasm_i16x8_sub(high_all, wasm_i16x8_shl(high_odd, 8)));
  wasm_v128_store(dists + 24, high_odd);
}
