#include "hash.inc.h"

unsigned store_of(const char *word) { return hash_bytes(word) + 270; }
