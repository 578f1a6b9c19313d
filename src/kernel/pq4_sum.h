/* The 4-bit product-quantisation distance-table sum, over one block of 32 vectors.
 *
 * Product quantisation stores a vector as a row of small codes, one for each sub-quantiser (a slice of the
 * vector's dimensions). With 4-bit codes a slice is one of 16 centroids, so the distance from a query to any
 * vector is a sum of table entries: one table of 16 distances per sub-quantiser, one look-up per code. The
 * kernel does that for 32 vectors at once, with the codes laid out so that a byte shuffle looks up 16 of them
 * in one instruction (Andre, Kermarrec and Le Scouarnec, "Cache locality is not enough: high-performance
 * nearest neighbor search with product quantization fast scan", VLDB 2015; the same layout as in FAISS's PQ4
 * fast scan).
 *
 *   codes        code_length bytes, no alignment needed. Sub-quantiser q owns the 16 bytes codes[16*q ..
 *                16*q+15]. Byte j holds the codes of two of the 32 vectors: the low half belongs to vector
 *                o(j), the high half to vector 16 + o(j), where o = 0 8 1 9 2 10 3 11 4 12 5 13 6 14 7 15.
 *                Two sub-quantisers make a 32-byte block.
 *   code_length  a multiple of 32, 0 included. Not always a multiple of 64: an implementation that takes 64
 *                bytes a step reads past both inputs there. Other values are rounded down to a multiple of
 *                32.
 *   dist_table   code_length bytes: the 16 distances of sub-quantiser q are dist_table[16*q .. 16*q+15].
 *   dists        32 sums, in the order of the vectors, modulo 2^16. Written, never read: it may be
 *                uninitialised. No alignment beyond that of uint16_t.
 *
 * Nothing outside these bytes is read or written. Calls may overlap in time on any threads. The inputs must
 * not overlap dists.
 *
 * The interleaved order is what makes 16-bit sums cheap: seen as 16-bit lanes, even bytes hold vectors 0 to 7
 * (or 16 to 23) and odd bytes vectors 8 to 15 (24 to 31), so an addition of whole lanes and one of lanes
 * shifted right by 8 bits sum both.
 *
 * The files compile on their own, each with its compiler flags, and all in one translation unit: there
 * LINKDX_KERNEL is `static`, and each function carries its CPU features in an attribute. With LINKDX_BY_FLAGS
 * it does not, so that only the compiler's flags can allow its instructions. No variant calls a library.
 */
#ifndef LINKDX_PQ4_SUM_H
#define LINKDX_PQ4_SUM_H

#include <stddef.h>
#include <stdint.h>

/* Linkage of the variants. */
#ifndef LINKDX_KERNEL
#define LINKDX_KERNEL
#endif

#define LINKDX_PQ4_SUM(name) \
  void name(const uint8_t* codes, size_t code_length, const uint8_t* dist_table, uint16_t* dists)

/* All variants compute the same 32 sums. Each may be called only on a CPU that has its features. */
#ifdef __cplusplus
extern "C" {
#endif
LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_portable);
#if defined(__x86_64__)
LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_ssse3);
LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_avx2);
LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_avx512bw);
LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_avx512vnni);
#elif defined(__aarch64__) && !defined(__AARCH64EB__)
LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_neon);
LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_sve);
LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_sve2);
#elif defined(__riscv) && __riscv_xlen == 64
LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_rvv);
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_vsx);
#elif defined(__loongarch_lp64)
LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_lsx);
LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_lasx);
#elif defined(__wasm__)
LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_simd128);
#endif
#ifdef __cplusplus
}
#endif

#endif
