#include <stdio.h>

unsigned index_of(const char *word);
unsigned store_of(const char *word);

int main(void) { printf("index %u store %u\n", index_of("uabc") - 6, store_of("uabc") - 6); }
