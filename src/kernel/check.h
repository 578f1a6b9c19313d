/* What the programs that hold a kernel against its definition share: memory between forbidden pages, random
 * numbers, and the question whether this CPU can run the variant. */
#ifndef LINKDX_CHECK_H
#define LINKDX_CHECK_H

#include "cpu_features.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <windows.h>
#elif !defined(__wasm__)
#include <sys/mman.h>
#include <unistd.h>
#endif

#ifndef LINKDX_CHECKED_NEEDS
#define LINKDX_CHECKED_NEEDS 0
#endif

/* Exit status: 0 equal, 1 wrong, 2 the program could not do its work, 77 the CPU lacks the features that
 * LINKDX_CHECKED_NEEDS names, so nothing was called. A fault ends the program by a signal. */
enum { status_equal = 0, status_wrong = 1, status_no_memory = 2, status_not_run = 77 };

static int cpu_can_run(void) {
  if ((linkdx_cpu_features() & (LINKDX_CHECKED_NEEDS)) == (LINKDX_CHECKED_NEEDS)) return 1;
  puts("not run: this CPU lacks the features, or its system does not say that it has them");
  return 0;
}

/* A stretch of memory between two forbidden pages. */
struct guarded {
  uint8_t* begin;
  size_t size;
};

#ifdef _WIN32
static size_t page_size(void) {
  SYSTEM_INFO info;
  GetSystemInfo(&info);
  return info.dwPageSize;
}
static struct guarded guarded_memory(size_t size) {
  struct guarded result = {NULL, size};
  const size_t page = page_size();
  uint8_t* memory = VirtualAlloc(NULL, size + 2 * page, MEM_RESERVE, PAGE_NOACCESS);
  if (memory && VirtualAlloc(memory + page, size, MEM_COMMIT, PAGE_READWRITE)) result.begin = memory + page;
  return result;
}
#elif defined(__wasm__)
/* A WebAssembly memory has no pages to forbid: what is written outside is found by its bytes, what is read is
 * not. */
static size_t page_size(void) {
  return 4096;
}
static struct guarded guarded_memory(size_t size) {
  struct guarded result = {NULL, size};
  uint8_t* memory = malloc(size + 2 * page_size());
  if (memory) result.begin = memory + page_size();
  return result;
}
#else
static size_t page_size(void) {
  return (size_t)sysconf(_SC_PAGESIZE);
}
static struct guarded guarded_memory(size_t size) {
  struct guarded result = {NULL, size};
  const size_t page = page_size();
  uint8_t* memory = mmap(NULL, size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory != MAP_FAILED && mprotect(memory + page, size, PROT_READ | PROT_WRITE) == 0)
    result.begin = memory + page;
  return result;
}
#endif

static uint64_t random_state;
static uint64_t next_random(void) { /* xorshift64*, Vigna 2016 */
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return random_state * 2685821657736338717u;
}

static void seed_random(const char* seed) {
  random_state = seed ? strtoull(seed, NULL, 10) * 2 + 1 : 0x9e3779b97f4a7c15u;
}

#endif
