#include "hash.h"

unsigned hash_bytes(const char *bytes, unsigned long length) {
  unsigned hash = 2166136261u;
  for (unsigned long i = 0; i < length; ++i) hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
  return hash_mix(hash);
}
