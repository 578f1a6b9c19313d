/* Holds one implementation of the sum against the plain definition, on whatever machine this is compiled for.
 *
 *   cc -DLINKDX_CHECKED=pq4_sum_avx2 -DLINKDX_CHECKED_NEEDS=LINKDX_AVX2 pq4_sum_check.c ... && ./a.out [CALLS
 * [SEED]]
 *
 * Inputs and output each stand alone between two pages that may not be touched, in turn against the first and
 * against the last, so one byte read or written too many ends the program. Lengths go through all multiples
 * of 32 from 0 to 4096 and some between them, contents are random, all ones, one table entry alone, and ramps.
 *
 * Prints one line; check.h has the exit statuses.
 */
#define _GNU_SOURCE
#include "check.h"
#include "pq4_sum.h"

LINKDX_PQ4_SUM(LINKDX_CHECKED);

enum { longest = 4096, pool_size = 1 << 16 };

/* The definition, word for word from pq4_sum.h. Sanitizers are for what is checked, and would make this the
 * slowest part of it. */
#ifdef __GNUC__
__attribute__((no_sanitize("address", "undefined")))
#endif
static void
by_definition(const uint8_t* codes, size_t code_length, const uint8_t* dist_table, uint16_t* dists) {
  static const unsigned order[16] = {0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15};
  size_t q, j;
  memset(dists, 0, 32 * sizeof *dists);
  for (q = 0; q < code_length / 16; q++) {
    for (j = 0; j < 16; j++) {
      const unsigned code = codes[16 * q + j];
      dists[order[j]] = (uint16_t)(dists[order[j]] + dist_table[16 * q + (code & 15)]);
      dists[16 + order[j]] = (uint16_t)(dists[16 + order[j]] + dist_table[16 * q + (code >> 4)]);
    }
  }
}

static void fill(uint8_t* codes, uint8_t* table, size_t length, unsigned kind, const uint8_t* pool) {
  size_t i;
  switch (kind) {
    case 0:
      memset(codes, 0xff, length);
      memset(table, 0xff, length);
      return;
    case 1: /* one entry of one table, so that a sum from a wrong place is seen */
      memcpy(codes, pool + next_random() % (pool_size - longest), length);
      memset(table, 0, length);
      if (length) table[next_random() % length] = 0xff;
      return;
    case 2:
      for (i = 0; i < length; i++) codes[i] = (uint8_t)i, table[i] = (uint8_t)(255 - i);
      return;
    default:
      memcpy(codes, pool + next_random() % (pool_size - longest), length);
      memcpy(table, pool + next_random() % (pool_size - longest), length);
  }
}

int main(int argc, char** argv) {
  const unsigned long long calls = argc > 1 ? strtoull(argv[1], NULL, 10) : 20000;
  static uint8_t pool[pool_size];
  struct guarded codes_memory, table_memory, dists_memory;
  size_t page = page_size(), size = longest > page ? longest : page;
  unsigned long long call;
  size_t i;
  if (!cpu_can_run()) return status_not_run;
  seed_random(argc > 2 ? argv[2] : NULL);
  codes_memory = guarded_memory(size);
  table_memory = guarded_memory(size);
  dists_memory = guarded_memory(page);
  if (!codes_memory.begin || !table_memory.begin || !dists_memory.begin) {
    puts("no memory between guard pages");
    return status_no_memory;
  }
  for (i = 0; i < pool_size; i++) pool[i] = (uint8_t)(next_random() >> 32);

  for (call = 0; call < calls; call++) {
    const size_t length = call % (longest / 32 + 1) * 32;
    const unsigned kind = (unsigned)(call / (longest / 32 + 1) % 16);
    /* Bit by bit: against the end or against the beginning. */
    const unsigned place = (unsigned)next_random();
    uint8_t* codes = codes_memory.begin + (place & 1 ? 0 : size - length);
    uint8_t* table = table_memory.begin + (place & 2 ? 0 : size - length);
    uint16_t* dists = (uint16_t*)(void*)(dists_memory.begin + (place & 4 ? 0 : page - 64));
    uint16_t expected[32];
    const uint8_t* beside;
    fill(codes, table, length, kind, pool);
    memset(dists_memory.begin, 0xa5, place & 4 ? 192 : page);
    by_definition(codes, length, table, expected);
    /* Lengths that are no multiple of 32 are rounded down. */
    LINKDX_CHECKED(codes, length + (place & 24 ? 0 : place >> 5 & 31), table, dists);
    for (i = 0; i < 32; i++) {
      if (dists[i] == expected[i]) continue;
      printf("wrong: call %llu, %lu bytes of codes, vector %lu: %u instead of %u\n", call,
             (unsigned long)length, (unsigned long)i, (unsigned)dists[i], (unsigned)expected[i]);
      return status_wrong;
    }
    /* The bytes beside the output, on the side where no page guards it. */
    beside = place & 4 ? dists_memory.begin + 64 : dists_memory.begin + page - 192;
    for (i = 0; i < 128; i++) {
      if (beside[i] == 0xa5) continue;
      printf("wrong: call %llu, %lu bytes of codes: wrote beside its output\n", call, (unsigned long)length);
      return status_wrong;
    }
  }
  printf("equal: %llu calls\n", calls);
  return status_equal;
}
