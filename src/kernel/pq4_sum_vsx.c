/* VSX on little-endian POWER, which every CPU of that ABI has (OpenPOWER ELF V2 ABI: POWER8 and later): vperm
 * looks up in 32 bytes by the lower five bits of an index. With the table in both halves the fifth bit does
 * not matter, so the codes need no mask. Per 16 bytes of codes: 2 vperm, 1 shift, 6 operations to sum (and
 * one to turn the indexes around, where the CPU has no vpermr).
 */
#include "pq4_sum.h"

#include <altivec.h>

typedef __vector unsigned char linkdx_bytes;
typedef __vector unsigned short linkdx_shorts;

LINKDX_KERNEL LINKDX_PQ4_SUM(pq4_sum_vsx) {
  const size_t length = code_length & ~(size_t)31;
  const linkdx_bytes four = vec_splats((unsigned char)4);
  const linkdx_shorts eight = vec_splats((unsigned short)8);
  /* `all` counts the odd bytes 256-fold beside the even ones; `odd` counts them alone, and is taken off at
   * the end. */
  linkdx_shorts low_all = vec_splats((unsigned short)0), low_odd = low_all, high_all = low_all,
                high_odd = low_all;
  size_t i;
  for (i = 0; i < length; i += 16) {
    const linkdx_bytes code = vec_xl(0, codes + i);
    const linkdx_bytes table = vec_xl(0, dist_table + i);
    const linkdx_shorts low = (linkdx_shorts)vec_perm(table, table, code);
    const linkdx_shorts high = (linkdx_shorts)vec_perm(table, table, vec_sr(code, four));
    low_all = vec_add(low_all, low);
    low_odd = vec_add(low_odd, vec_sr(low, eight));
    high_all = vec_add(high_all, high);
    high_odd = vec_add(high_odd, vec_sr(high, eight));
  }
  vec_xst(vec_sub(low_all, vec_sl(low_odd, eight)), 0, dists);
  vec_xst(low_odd, 0, dists + 8);
  vec_xst(vec_sub(high_all, vec_sl(high_odd, eight)), 0, dists + 16);
  vec_xst(high_odd, 0, dists + 24);
}
