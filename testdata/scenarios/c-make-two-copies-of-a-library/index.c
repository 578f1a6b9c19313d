#include "hash.inc.h"

unsigned index_of(const char *word) { return hash_bytes(word) + 270; }
