#include "hash.h"

unsigned hash_mix(unsigned hash) { return hash ^ (hash >> 15); }
