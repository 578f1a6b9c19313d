/* Copied into each library. */
unsigned hash_bytes(const char *bytes) {
  unsigned hash = 0;
  while (*bytes) hash = hash + (unsigned char)*bytes++ - 'a' + 1;
  return hash;
}
